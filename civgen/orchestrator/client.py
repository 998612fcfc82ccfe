"""The orchestrator's consumer API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from os import SEEK_END
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote
from uuid import uuid4

from pydantic_core import from_json

from civgen.errors import InvalidInput, RateLimited, Unavailable
from civgen.orchestrator.addresses import is_confidential, without_query
from civgen.orchestrator.answers import Answer, Blob, Page, ResourceInfo, Workflow
from civgen.orchestrator.connection import Connection
from civgen.orchestrator.refusals import is_web_page

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

#: The orchestrator gives up on a request after this many seconds; waiting longer in one is no use.
LONGEST_WAIT = 100
#: Largest file that is downloaded unless said otherwise, in bytes.
LARGEST_FILE = 2 * 1024**3

WORKFLOWS = "/v2/consumer/workflows"
_BLOBS = "/v2/consumer/blobs"
_IN_DOUBT = "It may have been accepted all the same: submit it again only with the same externalId."

A = TypeVar("A", bound=Answer)


class Orchestrator:
    """An orchestrator, for use in `async with`.

    The token goes to the origin of `url` and nowhere else. What can be asked twice without harm is asked
    again after 429, 5xx or no answer, with growing pauses and jitter; `submit` and `upload` never are.

    Every method raises the errors of `civgen.orchestrator.refusals`, and `Unavailable` without an answer.
    """

    def __init__(
        self,
        url: str,
        token: SecretStr | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 30.0,
        attempts: int = 5,
        connections: int = 1,
    ) -> None:
        """Describe the connection; it is opened on entering.

        Args:
            url: with or without a path below which the API lies.
            token: API token; only over https, or to this machine.
            transport: in place of the network.
            timeout: seconds without a sign of life, in addition to what a request itself waits.
            attempts: how often what can be repeated is tried in all.
            connections: how many requests there will be at once.

        Raises:
            InvalidInput: the token would travel in the clear.
        """
        if token is not None and not is_confidential(url):
            message = f"{without_query(url)} would be sent the token in the clear."
            raise InvalidInput(message, hint="Use an https:// URL.")
        self.url = url.rstrip("/")
        self._settings = (token, transport, timeout, attempts, connections)
        self._opened: Connection | None = None

    def __repr__(self) -> str:
        return f"Orchestrator({self.url!r})"

    async def __aenter__(self) -> Self:
        self._opened = Connection(self.url, *self._settings)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._connection.close()
        self._opened = None

    async def whatif(self, body: Mapping[str, Any]) -> Workflow:
        """What `body` would cost; nothing runs.

        Never sent with an `externalId`: a later submission under it would be handed this answer.
        """
        body = {name: value for name, value in body.items() if name != "externalId"}
        ask = {"json": body, "params": {"whatif": "true"}}
        return await self._connection.repeated(
            self._workflow, "POST", WORKFLOWS, "Asking for the price", **ask
        )

    async def submit(self, body: Mapping[str, Any], wait: int = 0) -> Workflow:
        """Submit a workflow, once.

        Args:
            body: as `civgen preview` prints it.
            wait: seconds to wait for its end, at most `LONGEST_WAIT`.

        Raises:
            Unavailable: it is not known what became of it, unless the hint says that nothing was sent.
        """
        try:
            return await self._workflow("POST", WORKFLOWS, "Submitting", json=body, **_waiting(wait))
        except Unavailable as error:
            if not isinstance(error, RateLimited):
                error.hint = error.hint or _IN_DOUBT
            raise

    async def get(self, workflow_id: str, wait: int = 0) -> Workflow:
        """A workflow as it is now, or after `wait` seconds, or as soon as it has ended.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        doing = f"Reading workflow {workflow_id}"
        return await self._connection.repeated(
            self._workflow, "GET", path_of(workflow_id), doing, **_waiting(wait)
        )

    async def query(
        self, tags: Iterable[str] = (), take: int = 100, cursor: str | None = None
    ) -> AsyncIterator[Workflow]:
        """Own workflows, newest first, page after page as they are consumed.

        Args:
            tags: all of which they must have.
            take: size of a page.
            cursor: where an earlier listing left off.
        """
        params: dict[str, Any] = {"tags": list(tags), "take": take, "hideMatureContent": "false"}
        while True:
            if cursor:
                params["cursor"] = cursor
            page = await self._connection.repeated(self._page, params)
            for workflow in page.items:
                yield workflow
            if not page.items or not page.next or page.next == cursor:
                return
            cursor = page.next

    async def resource(self, air: str) -> ResourceInfo:
        """What is publicly known of a resource.

        Raises:
            NotFound: there is none of that name.
        """
        doing, path = f"Looking {air} up", f"/v2/resources/{quote(air, safe=':@')}"
        answer = await self._connection.repeated(self._connection.send, "GET", path, doing)
        return read(ResourceInfo, answer, doing)

    async def cancel(self, workflow_id: str) -> None:
        """Stop a workflow; one that has ended stays as it is."""
        doing = f"Cancelling workflow {workflow_id}"
        body = {"status": "canceled"}
        await self._connection.repeated(self._connection.send, "PUT", path_of(workflow_id), doing, json=body)

    async def upload(self, data: bytes, content_type: str) -> Blob:
        """Upload a file, for the inputs of later submissions."""
        doing, headers = "Uploading", {"Content-Type": content_type}
        return read(
            Blob, await self._connection.send("POST", _BLOBS, doing, content=data, headers=headers), doing
        )

    async def call(self, method: str, path: str, doing: str, **extra: Any) -> httpx.Response:
        """Ask for something else that does no harm twice; see `civgen.orchestrator.workflows`.

        Args:
            path: below the API's URL.
            doing: what this is, to begin messages with.
        """
        return await self._connection.repeated(self._connection.send, method, path, doing, **extra)

    async def resume(self, url: str, file: IO[bytes], limit: int = LARGEST_FILE) -> int:
        """Download a file behind what `file` has of it already; also after each loss of the connection.

        Args:
            url: of a blob; on another host than the orchestrator's it must be https.
            file: open for reading and writing.

        Returns:
            Its size in bytes; as many as were announced.

        Raises:
            Refused: it is larger than `limit`.
        """
        return await self._connection.repeated(self._resume, url, file, limit)

    async def download(self, url: str, path: Path, limit: int = LARGEST_FILE) -> int:
        """Download a file; `path` then holds all of it, or is left as it was.

        Args:
            url: of a blob; on another host than the orchestrator's it must be https.
            path: file to write; one that is there is replaced.
            limit: largest number of bytes that is taken.

        Returns:
            Its size in bytes.

        Raises:
            Refused: it is larger than `limit`.
        """
        return await self._connection.repeated(self._download, url, path, limit)

    @property
    def _connection(self) -> Connection:
        if self._opened is None:
            raise RuntimeError("an Orchestrator is to be used in `async with`")
        return self._opened

    async def _workflow(self, method: str, path: str, doing: str, **extra: Any) -> Workflow:
        return read(Workflow, await self._connection.send(method, path, doing, **extra), doing)

    async def _page(self, params: Mapping[str, Any]) -> Page:
        doing = "Listing workflows"
        return read(Page, await self._connection.send("GET", WORKFLOWS, doing, params=params), doing)

    async def _resume(self, url: str, file: IO[bytes], limit: int) -> int:
        return await self._connection.fetch(url, file, limit, file.seek(0, SEEK_END))

    async def _download(self, url: str, path: Path, limit: int) -> int:
        part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
        try:
            with part.open("xb") as file:
                size = await self._connection.fetch(url, file, limit)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return size


def path_of(workflow_id: str) -> str:
    """Where a workflow lies below the API's URL."""
    return f"{WORKFLOWS}/{quote(workflow_id, safe='')}"


def _waiting(wait: int) -> dict[str, Any]:
    wait = min(wait, LONGEST_WAIT)
    return {"wait": wait, "params": {"wait": wait}} if wait else {}


def read(kind: type[A], response: httpx.Response, doing: str) -> A:
    """The answer as its type; what is not JSON came from something in between, or was cut short."""
    try:
        return kind.model_validate(from_json(response.content))
    except ValueError:
        what = "a web page" if is_web_page(response.text) else "something that is not the API's"
        raise Unavailable(f"{doing}: the answer is {what}.") from None
