"""Tasks on their way to an index: the next documents are made while the server takes the last ones in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from civgen.search.backends import Backend

#: Largest batch, in bytes of JSON and in documents; a server works through one task at a time.
BATCH_BYTES = 5_000_000
BATCH_DOCUMENTS = 5_000
#: Tasks that the server has at once, and batches that wait to be sent: enough for neither side to wait.
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


@dataclass(frozen=True, slots=True)
class Batch:
    """The documents of one task, as JSON: bytes are what is measured, and what costs the least to keep."""

    count: int
    body: bytes


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


class Sending:
    """Writes to a backend, in the order they are given, each counted once its task has succeeded.

    A server is written to, and asked for its tasks, in one thread beside the caller's. Leaving the block
    waits for everything; when it is left with an error, or a write failed, what has not begun is not sent.
    """

    def __init__(self, backend: Backend, done: Synced, progress: Callable[[Synced], None]) -> None:
        """Prepare to send; `done` is counted up, and `progress` told, as tasks succeed."""
        self._backend, self._done, self._progress = backend, done, progress
        self._pool = ThreadPoolExecutor(1, "sync") if backend.is_remote else None
        self._given: deque[Future[None]] = deque()
        self._tasks: deque[tuple[int, int, int]] = deque()
        self._failed = False

    def __enter__(self) -> Sending:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._failed = self._failed or kind is not None
        try:
            if kind is None:
                self._give(self._settle, 0)
                self._hear(0)
        finally:
            if self._pool:
                self._pool.shutdown(cancel_futures=True)

    def update(self, batch: Batch) -> None:
        """Send documents."""
        self._give(self._send, self._backend.update, batch.body, batch.count, 0)

    def delete(self, ids: Sequence[int]) -> None:
        """Remove documents."""
        self._give(self._send, self._backend.delete, ids, 0, len(ids))

    def _give(self, work: Callable[..., None], *given: Any) -> None:
        if self._pool:
            self._given.append(self._pool.submit(self._unless_failed, work, *given))
            self._hear(_AHEAD)
        else:
            work(*given)

    def _hear(self, left: int) -> None:
        """Hear of what was given, but for the last few; an error of theirs is raised here."""
        while len(self._given) > left:
            self._given.popleft().result()

    def _unless_failed(self, work: Callable[..., None], *given: Any) -> None:
        if self._failed:
            return
        try:
            work(*given)
        except BaseException:
            self._failed = True
            raise

    def _send(self, send: Callable[[Any], int], what: Any, written: int, removed: int) -> None:
        self._tasks.append((send(what), written, removed))
        self._settle(_AHEAD)

    def _settle(self, left: int) -> None:
        """Wait for tasks, but for the last few."""
        while len(self._tasks) > left:
            task, written, removed = self._tasks.popleft()
            self._backend.wait([task], lambda: self._failed)
            if self._failed:
                return
            self._done.written += written
            self._done.removed += removed
            self._done.tasks += 1
            self._progress(self._done)
