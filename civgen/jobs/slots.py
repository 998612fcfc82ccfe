"""Queue slots: how many jobs an account may have in the queue, which the API itself does not check."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from civgen.orchestrator.addresses import is_loopback

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform
    from civgen.orchestrator.client import Orchestrator
    from civgen.settings import Environment

#: What the platform looks at: the newest workflows with this tag, a few more than there are slots.
_TAG, _MORE = "gen", 5
#: Seconds between looks at a full queue: short at first, since jobs may be short.
_PAUSES = (2.0, 5.0, 10.0, 15.0)


class Slots:
    """Lets a submission pass when there is room for its job.

    Args:
        limit: slots; None for no limit.
        waiting: told, once each time, that the queue is full.
    """

    def __init__(
        self, client: Orchestrator, limit: int | None, waiting: Callable[[int], None] = lambda _: None
    ) -> None:
        self._client = client
        self._limit = limit
        self._waiting = waiting
        self._turn = asyncio.Lock()
        #: None until the orchestrator was asked.
        self._taken: int | None = None
        self._on_the_way = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a slot, and send within; it is free again when the job is seen to have ended."""
        if self._limit is None:
            yield
            return
        async with self._turn:
            if self._taken is None or self._taken >= self._limit:
                self._taken = await self._when_free(self._limit)
            self._taken += 1
            self._on_the_way += 1
        try:
            yield
        finally:
            self._on_the_way -= 1

    async def _when_free(self, limit: int) -> int:
        """How many are taken, once there is room."""
        tries = 0
        while (taken := await self._in_queue(limit) + self._on_the_way) >= limit:
            if not tries:
                self._waiting(limit)
            await asyncio.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
            tries += 1
        return taken

    async def _in_queue(self, limit: int) -> int:
        """Own jobs in the queue, whichever program submitted them."""
        seen = count = 0
        async for workflow in self._client.query([_TAG], take=limit + _MORE):
            seen, count = seen + 1, count + (not workflow.is_terminal)
            if seen == limit + _MORE:
                break
        return count


def slots_of(environment: Environment, platform: Platform) -> int | None:
    """The slots of an environment: its tier's, and no limit for an orchestrator on this machine."""
    host = urlsplit(environment.orchestrator).hostname or ""
    return None if environment.is_sandbox or is_loopback(host) else platform.limits["queue"]
