"""Delivers callbacks to this machine: in order and one at a time for a workflow, again when that fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from civgen.errors import NotFound
from civgen.sandbox.callbacks import Delivery, deliveries, document
from civgen.sandbox.record import Record
from civgen.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    import httpx

#: Workflows that are delivered for at the same time.
_AT_ONCE = 32
#: How often an event is tried, and seconds before the second time, doubled each time after.
_TRIES, _FIRST_PAUSE = 5, 0.5
_SECONDS = 10.0
#: Seconds after which to look for what another process submitted.
_LOOK = 1.0
_KINDS = ("stored", "ephemeral")


@dataclass
class Deliveries:
    """What is due, and its delivery.

    Args:
        base: URL under which the sandbox is reached, for the addresses of blobs.
    """

    sandbox: Sandbox
    base: str
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look again what is due: something was submitted or cancelled."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver for ever."""
        import httpx

        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as http:
            while True:
                self._woken.clear()
                due = self._due()
                await asyncio.gather(*(self._deliver(http, *row) for row in due))
                if not due:
                    await self._rest()

    def _due(self) -> list[tuple[str, int, int]]:
        query = "SELECT workflow, sent, tries FROM callbacks WHERE due <= ? ORDER BY due LIMIT ?"
        return self.sandbox.store.db.execute(query, (self.sandbox.clock(), _AT_ONCE)).fetchall()

    async def _rest(self) -> None:
        """Until something is due, or woken."""
        earliest = self.sandbox.store.db.execute("SELECT MIN(due) FROM callbacks").fetchone()[0]
        pause = _LOOK if earliest is None else min(_LOOK, max(0.0, earliest - self.sandbox.clock()))
        try:
            await asyncio.wait_for(self._woken.wait(), pause)
        except TimeoutError:
            return

    async def _deliver(self, http: httpx.AsyncClient, workflow_id: str, sent: int, tries: int) -> None:
        try:
            record = self.sandbox.store.get(workflow_id, kinds=_KINDS)
        except NotFound:
            return self._keep(workflow_id, None, 0, 0)
        told = deliveries(record)[sent:]
        if not told:
            return self._keep(workflow_id, None, 0, 0)
        now = self.sandbox.clock()
        if told[0].event.at > now:
            return self._keep(workflow_id, told[0].event.at, sent, 0)
        if await self._is_taken(http, record, told[0]) or tries + 1 == _TRIES:
            return self._keep(workflow_id, now, sent + 1, 0)  # by now it may have been cancelled: look anew
        return self._keep(workflow_id, now + _FIRST_PAUSE * 2**tries, sent, tries + 1)

    async def _is_taken(self, http: httpx.AsyncClient, record: Record, told: Delivery) -> bool:
        import httpx

        links = replace(self.sandbox.links(self.base), now=told.event.at + 1e-6)
        try:
            answer = await http.post(told.url, json=document(record, told, links))
        except httpx.HTTPError:
            return False
        return answer.is_success

    def _keep(self, workflow_id: str, due: float | None, sent: int, tries: int) -> None:
        """Note when to go on with a workflow; None when there is no more to deliver."""
        with self.sandbox.store.commits.alone() as db:
            if due is None:
                db.execute("DELETE FROM callbacks WHERE workflow = ?", (workflow_id,))
            else:
                row = (due, sent, tries, workflow_id)
                db.execute("UPDATE callbacks SET due = ?, sent = ?, tries = ? WHERE workflow = ?", row)
