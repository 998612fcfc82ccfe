"""From stand-ins to blobs: what must be uploaded is, once, and the body then names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from civgen.errors import AnswerIsNo, InvalidInput
from civgen.jobs.media.sources import Source

if TYPE_CHECKING:
    import asyncio

    from civgen.jobs.preview import Preview
    from civgen.orchestrator.answers import Blob
    from civgen.orchestrator.client import Orchestrator


@dataclass(frozen=True, slots=True)
class Upload:
    """A medium that was uploaded, and the blob it became."""

    source: Source
    blob: Blob

    def as_json(self) -> dict[str, Any]:
        """The entry of an answer's `uploads`."""
        return {**self.source.as_json(), "blob": self.blob.id}


@dataclass
class Uploads:
    """The uploads of one command: the same content goes up once, however many requests name it."""

    _going: dict[tuple[str, str, str], asyncio.Task[Blob]] = field(default_factory=dict)

    async def blob(self, source: Source, client: Orchestrator) -> Blob:
        """The blob of a medium, which is uploaded if it was not yet.

        Raises:
            InvalidInput: the file is gone, or is not what was checked.
            AnswerIsNo: the orchestrator took it, and blocks it.
        """
        import asyncio

        key = (client.url, source.type, source.sha256)
        if key not in self._going:
            self._going[key] = asyncio.create_task(_uploaded(source, client))
        try:
            # A request of a batch that is given up must not take the upload of another with it.
            return await asyncio.shield(self._going[key])
        except BaseException:
            if self._going[key].done():
                self._going.pop(key, None)
            raise


async def with_uploads(
    preview: Preview, client: Orchestrator, told: Callable[[Upload], None] = lambda _: None
) -> Preview:
    """The same preview with its media uploaded and their URLs in its body.

    What the body does not name, such as an image that a repair left out, stays where it is.

    Args:
        told: called with each upload as it is done.

    Raises:
        InvalidInput: a file is gone, or is not what was checked; nothing was submitted.
    """
    media = preview.request.media
    sources = [one for name, one in media.sources.items() if _names(preview.body, name)]
    if not sources:
        return preview
    urls: dict[str, str] = {}
    for source in sources:
        blob = await media.uploads.blob(source, client)
        urls[source.stand_in] = blob.url or ""
        told(Upload(source, blob))
    steps = [replace(one, input=_renamed(one.input, urls)) for one in preview.steps]
    return replace(preview, body=_renamed(preview.body, urls), steps=steps)


async def _uploaded(source: Source, client: Orchestrator) -> Blob:
    try:
        content = source.read()
    except InvalidInput as error:
        raise InvalidInput(f"{source.field} ({source.label}) {error.message}.", hint=error.hint) from None
    blob = await client.upload(content, source.type)
    if not blob.url:
        reason = blob.blocked_reason or "it is not available"
        raise AnswerIsNo(
            f"{source.field} ({source.label}) was uploaded and is blocked: {reason}.", data=blob.raw
        )
    return blob


def _names(value: Any, stand_in: str) -> bool:
    if isinstance(value, Mapping):
        return any(_names(part, stand_in) for part in value.values())
    if isinstance(value, list | tuple):
        return any(_names(part, stand_in) for part in value)
    return isinstance(value, str) and stand_in in value


def _renamed(value: Any, urls: Mapping[str, str]) -> Any:
    """`value` with URLs for stand-ins; a node graph also has them within longer texts."""
    if isinstance(value, Mapping):
        return {name: _renamed(part, urls) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(part, urls) for part in value]
    if isinstance(value, str) and "://" in value:
        for stand_in, url in urls.items():
            value = value.replace(stand_in, url)
    return value
