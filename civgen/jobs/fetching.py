"""Results brought home: whole or not at all, continued where they were cut off, never over another file."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from civgen.errors import CivgenError, NotAuthorised, NotFound, Refused, Unavailable, display_path
from civgen.jobs.levels import Verdict, judge
from civgen.jobs.naming import DEFAULT, name_of
from civgen.orchestrator.answers import Blob, Workflow
from civgen.orchestrator.client import LARGEST_FILE, Orchestrator

#: A URL that expires sooner than this is renewed before it is used.
_SOON = timedelta(seconds=30)
#: What is said of a URL that has expired: the content's host answers as it likes.
_EXPIRED = (NotAuthorised, NotFound)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one result.

    Attributes:
        number: of the result, from 1, over all of its job.
        path: the file; None when there is none.
        outcome: `downloaded`, `present` (a file of that name was there, and was left alone), `kept back` or
            `failed`.
    """

    workflow_id: str
    blob_id: str
    number: int
    outcome: str
    verdict: Verdict
    path: Path | None = None
    size: int | None = None
    error: CivgenError | None = None

    def as_json(self) -> dict[str, Any]:
        """An entry of the document of `civgen jobs download`."""
        about = {
            "job": self.workflow_id,
            "blob": self.blob_id,
            "number": self.number,
            "outcome": self.outcome,
        }
        file = {"file": str(self.path) if self.path else None, "bytes": self.size}
        return {**about, **file, **self.verdict.as_json()} | (self.error.as_json() if self.error else {})


async def fetch_all(
    workflow: Workflow,
    client: Orchestrator,
    folder: Path,
    *,
    name: str = DEFAULT,
    max_level: str | None = None,
    limit: int = LARGEST_FILE,
) -> AsyncIterator[Fetched]:
    """Download the results of a job, one after the other.

    Args:
        name: template of their names, checked by `check_template`.
        max_level: highest level that is wanted; None for any.
        limit: largest number of bytes of a file.
    """
    for number, blob in enumerate(workflow.blobs, start=1):
        about = (workflow.id or "", blob.id, number)
        verdict = judge(blob, workflow, max_level)
        if verdict.reason:
            yield Fetched(*about, "kept back", verdict)
            continue
        path = folder / name_of(name, workflow, blob, number)
        if path.exists():
            yield Fetched(*about, "present", verdict, path, path.stat().st_size)
            continue
        try:
            size = await _fetch(client, workflow, blob, path, limit)
            yield Fetched(*about, "downloaded", verdict, path, size)
        except CivgenError as error:
            yield Fetched(*about, "failed", verdict, error=error)


async def _fetch(client: Orchestrator, workflow: Workflow, blob: Blob, path: Path, limit: int) -> int:
    """Download into a hidden file beside `path`, which stays for another try when this is cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{re.sub(r'[^A-Za-z0-9._-]', '_', blob.id)[-160:]}.part")
    with _alone(part) as file:
        size = await _filled(client, workflow, blob, file, limit)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
        _put(part, path)
    return size


async def _filled(client: Orchestrator, workflow: Workflow, blob: Blob, file: IO[bytes], limit: int) -> int:
    if _has_expired(blob):
        blob = await _renewed(client, workflow, blob)
    try:
        return await client.resume(_url(blob), file, limit)
    except _EXPIRED:
        fresh = await _renewed(client, workflow, blob)
        if fresh.url == blob.url:
            raise
        return await client.resume(_url(fresh), file, limit)


async def _renewed(client: Orchestrator, workflow: Workflow, blob: Blob) -> Blob:
    """The same result with a URL of now: every reading of a job signs them anew."""
    fresh = await client.get(workflow.id or "")
    return next((one for one in fresh.blobs if one.id == blob.id and one.url), blob)


def _has_expired(blob: Blob) -> bool:
    if blob.url_expires_at is None:
        return False
    moment = blob.url_expires_at
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment - datetime.now(UTC) < _SOON


def _url(blob: Blob) -> str:
    if blob.url is None:
        raise Unavailable(f"There is no address for the result {blob.id}.")
    return blob.url


@contextmanager
def _alone(part: Path) -> Iterator[IO[bytes]]:
    """The hidden file, open, and nobody else's while it is.

    Raises:
        Refused: another process is downloading it.
    """
    while True:
        file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        try:
            _lock(file, part)
            # The one that had the lock before may have finished: then this is the finished file.
            if part.exists() and os.path.samestat(os.fstat(file.fileno()), part.stat()):
                yield file
                return
        finally:
            file.close()


def _lock(file: IO[bytes], part: Path) -> None:
    if os.name != "posix":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(f"{display_path(part)} is being downloaded by another process.") from None


def _put(part: Path, path: Path) -> None:
    """Give the file its name, unless something has it by now.

    Raises:
        Refused: something has.
    """
    try:
        os.link(part, path)  # which, other than renaming, never replaces
    except FileExistsError:
        raise Refused(f"{display_path(path)} appeared meanwhile, and is not overwritten.") from None
    except OSError:  # a file system without links
        if path.exists():
            raise Refused(f"{display_path(path)} appeared meanwhile, and is not overwritten.") from None
        part.rename(path)
        return
    part.unlink()
