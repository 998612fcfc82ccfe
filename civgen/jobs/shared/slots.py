"""Queue slots of an account that several workers share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from civgen.jobs.shared.journal import SharedJournal
from civgen.jobs.slots import Slots

if TYPE_CHECKING:
    from civgen.orchestrator.client import Orchestrator

#: Under which one worker at a time looks for a slot and sends.
_LOCK = int.from_bytes(b"civslots")


class SharedSlots(Slots):
    """Lets one worker at a time look at the queue and send, so that no two take the same slot."""

    def __init__(
        self,
        client: Orchestrator,
        limit: int | None,
        journal: SharedJournal,
        waiting: Callable[[int], None] = lambda _: None,
    ) -> None:
        super().__init__(client, limit, waiting)
        self._journal = journal
        self._mine = asyncio.Lock()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a slot, and send within."""
        if self._limit is None:
            yield
            return
        async with self._mine:
            connection = await asyncio.to_thread(self._journal.connected)
            try:
                await asyncio.to_thread(connection.execute, "SELECT pg_advisory_lock(%s)", (_LOCK,))
                await self._when_free(self._limit)
                yield
            finally:
                connection.close()  # and the lock with it
