"""One wait for the disk for many: writes of concurrent tasks, committed together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any, Self, TypeVar

from civgen.errors import CivgenError
from civgen.jobs.journal import Db, Journal, Write, transaction

#: Seconds in which writes gather before they are committed: replies come one by one, and would else
#: each have a commit of their own, which takes longer than the rest of what is done for them.
_GATHER = 0.005

T = TypeVar("T")


class Grouped:
    """Collects what tasks write while the previous commit is under way, and commits it in one transaction.

    A commit that waits for the disk takes as long for sixty-four submissions as for one. The
    connection belongs to one thread, in which all writing is done, so that the loop never waits.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._thread = ThreadPoolExecutor(1, "journal")
        self._stack = ExitStack()
        self._waiting: list[tuple[Write[Any], asyncio.Future[Any]]] = []
        self._work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._db = await self._in_thread(lambda: self._stack.enter_context(self.journal.opened()))
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._work is not None:
            await asyncio.wait([self._work])
        await self._in_thread(self._stack.close)
        self._thread.shutdown()

    async def write(self, work: Write[T]) -> T:
        """Do `work` in a transaction shared with others, on disk when this returns.

        Args:
            work: what it raises it must raise before it changes anything, for the others go on.
        """
        mine: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, mine))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._commit_all())
        return await mine

    async def _commit_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(_GATHER)
            group, self._waiting = self._waiting, []
            try:
                outcomes = await self._in_thread(partial(self._commit, [work for work, _ in group]))
            except Exception as error:
                outcomes = [error] * len(group)
            for (_, future), outcome in zip(group, outcomes, strict=True):
                if future.done():
                    continue  # its task was cancelled meanwhile; what it wrote stays
                if isinstance(outcome, Exception):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    def _commit(self, group: list[Write[Any]]) -> list[Any]:
        with self.journal.usable(), transaction(self._db):
            return [_outcome(work, self._db) for work in group]

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _outcome(work: Write[Any], db: Db) -> Any:
    """What it gives, or how it refuses, which must not undo the others; what a database reports does."""
    try:
        return work(db)
    except CivgenError as error:
        return error
