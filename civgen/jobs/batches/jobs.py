"""The jobs of a batch at the orchestrator: how far they are, and stopping them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from civgen.errors import NotFound
from civgen.jobs.batches import book
from civgen.jobs.batches.book import Batch, Row
from civgen.jobs.journal import Journal

if TYPE_CHECKING:
    from civgen.orchestrator.client import Orchestrator

#: Lines that are asked about at once.
_CHUNK = 200
#: What a clock may be off, before a workflow counts as older than the batch.
_SLACK = timedelta(days=1)


async def look(batch: Batch, journal: Journal, client: Orchestrator) -> None:
    """Ask how far every job is that was not seen to end, and note it."""

    async def ask(row: Row) -> tuple[int, str]:
        try:
            return row.number, (await client.get(row.workflow_id or "")).status
        except NotFound:
            return row.number, "expired"

    await _for_unfinished(batch, journal, ask)


async def stop(batch: Batch, journal: Journal, client: Orchestrator) -> None:
    """Cancel every job that was not seen to end, those too whose reply was lost."""

    async def cancel(row: Row) -> tuple[int, str]:
        try:
            await client.cancel(row.workflow_id or "")
            return row.number, (await client.get(row.workflow_id or "")).status
        except NotFound:
            return row.number, "expired"

    await _cancel_in_doubt(batch, journal, client)
    await _for_unfinished(batch, journal, cancel)


async def _for_unfinished(
    batch: Batch, journal: Journal, work: Callable[[Row], Awaitable[tuple[int, str]]]
) -> None:
    after = 0
    while found := journal.read(partial(book.unfinished, batch_id=batch.id, after=after, most=_CHUNK)):
        seen = await asyncio.gather(*(work(row) for row in found))
        journal.write(partial(book.ended, batch_id=batch.id, seen=seen))
        after = found[-1].number


async def _cancel_in_doubt(batch: Batch, journal: Journal, client: Orchestrator) -> None:
    """Find what was accepted without a reply among the newest workflows, by its `externalId`."""
    doubtful = journal.read(lambda db: book.in_doubt(db, batch.id))
    oldest = datetime.fromisoformat(batch.created_at) - _SLACK
    if not doubtful:
        return
    async for workflow in client.query(["civgen"]):
        if workflow.created_at and workflow.created_at.astimezone() < oldest:
            return
        number = doubtful.pop(workflow.external_id or "", None)
        if number is not None and workflow.id:
            await client.cancel(workflow.id)
            answer = {"workflowId": workflow.id, "externalId": workflow.external_id, "status": "canceled"}
            journal.write(partial(book.accepted, batch=batch, number=number, answer=answer, charged=None))
        if not doubtful:
            return
