"""Bringing an index up to date: few large batches, and nothing forgotten before its task has succeeded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.garbage import rarely_collected
from civgen.search.backends import Backend
from civgen.search.documents import HASH, merged
from civgen.search.plan import Wanted, wanted_documents

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Largest batch, in bytes of JSON and in documents; a server works through one task at a time.
BATCH_BYTES = 5_000_000
BATCH_DOCUMENTS = 5_000
#: Ids that are looked up in the index at once.
LOOK_UP = 1000
#: Tasks that are under way at once: enough for the server never to wait for us.
_AHEAD = 4


@dataclass
class Synced:
    """What a sync did.

    Attributes:
        written: number of documents that were written.
        removed: number of documents that were removed.
        tasks: number of tasks it took.
        settings: names of those that were set.
    """

    written: int = 0
    removed: int = 0
    tasks: int = 0
    settings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """`{"written", "removed", "tasks", "settings"}`."""
        return {
            "written": self.written,
            "removed": self.removed,
            "tasks": self.tasks,
            "settings": self.settings,
        }


def sync(
    connection: Connection,
    catalog: Catalog,
    backend: Backend,
    ids: Iterable[int] | None = None,
    progress: Callable[[Synced], None] = lambda _: None,
) -> Synced:
    """Write what is missing or stale, and remove what is orphaned.

    An index that is not there is made, with its settings. Returns only when every task has succeeded.

    Args:
        ids: of the models to look at; all of them, and all that the index has, without.

    Raises:
        AnswerIsNo: the server rejected something; what was not written is found again by the next sync.
        Unavailable: the server does not answer; likewise.
    """
    done = Synced()
    if backend.settings() is None:
        backend.wait([backend.write_settings(backend.index.settings)])
        done.settings = list(backend.index.settings)
    wanted = wanted_documents(connection, catalog, backend.index, ids)
    there = None if ids is not None else dict(backend.hashes())
    gone: list[int] = []
    with rarely_collected(), Sending(backend, done, progress) as sending:
        for batch in batches(_stale(wanted, there, backend, gone)):
            sending.update(batch)
        gone.extend(there or ())
        for start in range(0, len(gone), BATCH_DOCUMENTS):
            sending.delete(gone[start : start + BATCH_DOCUMENTS])
    return done


@dataclass(frozen=True, slots=True)
class Batch:
    """The documents of one task, as JSON: bytes are what is measured, and what costs the least to keep."""

    count: int
    body: bytes


class Sending:
    """Tasks on their way to a backend, a few ahead of the oldest that is waited for.

    A server is sent to in a thread, so that the next documents are made while it reads. Leaving the block
    waits for all of them; when it is left with an error, what has not begun is not sent.
    """

    def __init__(self, backend: Backend, done: Synced, progress: Callable[[Synced], None]) -> None:
        """Prepare to send; `done` is counted up as tasks succeed."""
        self._backend, self._done, self._progress = backend, done, progress
        self._pool = ThreadPoolExecutor(1, "sync") if backend.is_remote else None
        self._tasks: deque[tuple[Callable[[], int], int, int]] = deque()

    def __enter__(self) -> Sending:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            while self._tasks and kind is None:
                self._settle()
        finally:
            if self._pool:
                self._pool.shutdown(cancel_futures=True)

    def update(self, batch: Batch) -> None:
        """Send documents."""
        self._add(self._begun(self._backend.update, batch.body), batch.count, 0)

    def delete(self, ids: Sequence[int]) -> None:
        """Remove documents."""
        self._add(self._begun(self._backend.delete, ids), 0, len(ids))

    def _begun(self, send: Callable[..., int], *given: Any) -> Callable[[], int]:
        if self._pool:
            return self._pool.submit(send, *given).result
        return partial(int, send(*given))

    def _add(self, task: Callable[[], int], written: int, removed: int) -> None:
        self._tasks.append((task, written, removed))
        if len(self._tasks) > _AHEAD:
            self._settle()

    def _settle(self) -> None:
        task, written, removed = self._tasks.popleft()
        self._backend.wait([task()])
        self._done.written += written
        self._done.removed += removed
        self._done.tasks += 1
        self._progress(self._done)


def _stale(
    wanted: Iterator[Wanted], there: dict[int, str | None] | None, backend: Backend, gone: list[int]
) -> Iterator[bytes]:
    """Documents to write as JSON, merged with what is there; ids to remove go into `gone`.

    What is left in `there` afterwards is in the index and in no row.
    """
    from pydantic_core import to_json

    while some := list(islice(wanted, LOOK_UP)):
        known = _known(some, backend) if there is None else there
        orphans = [one.id for one in some if one.document is None and one.id in known]
        gone.extend(orphans)
        stale = [one for one in some if one.document and known.get(one.id, "") != one.document[HASH]]
        old = backend.fetch([one.id for one in stale if one.id in known], ["id", "version", "versions"])
        for one in stale:
            assert one.document is not None
            yield to_json(merged(old[one.id], one.document)) if one.id in old else one.body
        if there is not None:
            for one in some:
                there.pop(one.id, None)


def _known(some: list[Wanted], backend: Backend) -> dict[int, str | None]:
    found = backend.fetch([one.id for one in some], ["id", HASH])
    return {number: one.get(HASH) for number, one in found.items()}


def batches(documents: Iterable[bytes]) -> Iterator[Batch]:
    """Documents, as JSON, in few large batches."""
    parts: list[bytes] = []
    size = 0
    for part in documents:
        if parts and (size + len(part) > BATCH_BYTES or len(parts) >= BATCH_DOCUMENTS):
            yield Batch(len(parts), b"[%s]" % b",".join(parts))
            parts, size = [], 0
        parts.append(part)
        size += len(part)
    if parts:
        yield Batch(len(parts), b"[%s]" % b",".join(parts))
