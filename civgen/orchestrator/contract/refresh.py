"""`civgen contract pull`: fetch the document, make the contract, say what changed, replace the old one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from civgen.errors import InvalidFile, InvalidInput, Unavailable, Where, display_path
from civgen.orchestrator.contract.contract import contract_of
from civgen.orchestrator.contract.files import BUILT_IN, INDEX, read_texts, texts, write
from civgen.orchestrator.contract.openapi import PulledContract, pull
from civgen.orchestrator.contract.overlay import Change

MAX_BYTES = 32 * 1024 * 1024
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class PullReport:
    """What a pull did, or under `check` would do.

    Attributes:
        source, folder: from where to where.
        title, version, sha256, date: of the document.
        leaves, size: number of leaf files, and bytes of all files.
        added, removed, changed: files that differ from those that were in the folder.
        stale: entries of civgen's overlay that this document no longer needs.
        written: whether the folder was touched.
    """

    source: str
    folder: str
    title: str
    version: str
    sha256: str
    date: str | None
    leaves: int
    size: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    stale: tuple[Change, ...]
    written: bool

    @property
    def differs(self) -> bool:
        """Whether the folder held anything else than what the document makes."""
        return bool(self.added or self.removed or self.changed)

    def as_json(self) -> dict[str, Any]:
        """The document that `civgen contract pull --json` prints."""
        return asdict(self)


def pull_from(
    source: str, folder: Path | None = None, *, check: bool = False, date: str | None = None
) -> PullReport:
    """Make the contract in `folder` (civgen's own by default) from the document at `source`.

    Args:
        source: a file, an https address, or an http one of this machine.
        check: write nothing, only report.
        date: the day the document is from; kept from the last pull of the same document when not given.

    Raises:
        InvalidInput: the source is no such document, or is not to be fetched.
        Unavailable: it could not be fetched.
    """
    folder = folder or BUILT_IN
    before = read_texts(folder)
    pulled = _dated(pull(read_document(source), date), before)
    after = texts(pulled)
    changed = tuple(file for file in after if file in before and before[file] != after[file])
    report = PullReport(
        source=source,
        folder=display_path(folder),
        title=pulled.title,
        version=pulled.version,
        sha256=pulled.sha256,
        date=pulled.date,
        leaves=len(pulled.leaves),
        size=sum(len(text.encode()) for text in after.values()),
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=changed,
        stale=tuple(contract_of(pulled).stale()),
        written=not check and before != after,
    )
    if report.written:
        write(pulled, folder)
    return report


def read_document(source: str) -> bytes:
    """The bytes of an OpenAPI document.

    Raises:
        InvalidInput: the source is not to be fetched, or too large.
        Unavailable: it could not be fetched.
    """
    return _fetched(source) if "://" in source else _read(Path(source))


def _dated(pulled: PulledContract, before: dict[str, str]) -> PulledContract:
    """A document without a date gets that of the contract it was already pulled into."""
    try:
        last = json.loads(before[INDEX])["document"]
        same = pulled.date is None and last["sha256"] == pulled.sha256
    except (KeyError, TypeError, ValueError):
        return pulled
    return replace(pulled, date=last.get("date")) if same else pulled


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(str(path))
        return path.read_bytes()
    except OSError as error:
        place = display_path(path)
        raise InvalidFile(f"{place} cannot be read: {error.strerror}.", where=Where(place)) from None


def _fetched(url: str) -> bytes:
    """The bytes at `url`; redirects are not followed, so that they cannot lead off https."""
    import httpx

    _refuse_unsafe(url)
    try:
        with httpx.stream("GET", url, timeout=30.0) as response:
            if response.status_code != httpx.codes.OK:
                raise Unavailable(
                    f"{url} answered {response.status_code}.", hint="Give the document's final address."
                )
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise _too_large(url)
            return bytes(body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{url} could not be fetched: {error}.") from None


def _refuse_unsafe(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise InvalidInput(
        f"{url} is not fetched.", hint="Give a file, an https address, or an http one of this machine."
    )


def _too_large(source: str) -> InvalidInput:
    return InvalidInput(f"{source} is larger than {MAX_BYTES // 1024**2} MB; no such document is.")
