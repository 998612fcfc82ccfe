"""Many jobs watched at once, each by long polls of its own, as few at a time as the orchestrator likes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from civgen.errors import CivgenError
from civgen.orchestrator.answers import Job, Workflow
from civgen.orchestrator.client import Orchestrator

#: Requests at once.
AT_ONCE = 16
#: Seconds that one request waits for an end, longer the longer nothing happens: as the API's guide advises.
WAITS = (2, 5, 10, 15, 25)
#: Seconds between two looks at a job when more are watched than may be asked about at once.
PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Sight:
    """A job as it was seen.

    Attributes:
        workflow: None when it could not be read; then `error` says why, and it is watched no longer.
        preceding: how many jobs stand before it in line.
        progress: from 0 to 1, where the orchestrator says it.
        eta: when it will have ended, as the orchestrator believes.
    """

    id: str
    workflow: Workflow | None = None
    error: CivgenError | None = None
    preceding: int | None = None
    progress: float | None = None
    eta: datetime | None = None

    @property
    def status(self) -> str:
        """Of the workflow; `unreadable` when there is none."""
        return self.workflow.status if self.workflow else "unreadable"

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.workflow is None or self.workflow.is_terminal

    def seconds_left(self, now: datetime | None = None) -> int | None:
        """Seconds until it will have ended; None when nobody says, or it has."""
        if self.eta is None or self.is_over:
            return None
        eta = self.eta if self.eta.tzinfo else self.eta.replace(tzinfo=UTC)
        return max(0, round((eta - (now or datetime.now(UTC))).total_seconds()))

    def as_json(self) -> dict[str, Any]:
        """A line of `civgen jobs watch`."""
        said = {
            "status": self.status,
            "queuePosition": self.preceding,
            "progress": self.progress,
            "eta": self.eta.isoformat() if self.eta else None,
        }
        return {"id": self.id, **said} | (self.error.as_json() if self.error else {})


def sight_of(workflow: Workflow) -> Sight:
    """What is to be seen of a job: the place of its hindmost part in line, the end of the last to end."""
    open_jobs = [job for step in workflow.steps for job in step.jobs if job.completed_at is None]
    places = [job.queue_position for job in open_jobs if job.queue_position]
    preceding = [place.preceding_jobs for place in places if place.preceding_jobs is not None]
    ends = [place.complete_at for place in places if place.complete_at]
    return Sight(
        workflow.id or "",
        workflow,
        preceding=max(preceding, default=None),
        progress=_progress(workflow, open_jobs),
        eta=max(ends, default=None),
    )


def _progress(workflow: Workflow, open_jobs: Sequence[Job]) -> float | None:
    if workflow.is_terminal:
        return 1.0 if workflow.status == "succeeded" else None
    rates = [job.estimated_progress_rate for job in open_jobs]
    told = [rate for rate in rates if rate is not None]
    done = sum(len(step.jobs) for step in workflow.steps) - len(open_jobs)
    return (done + sum(told)) / (done + len(open_jobs)) if told else None


async def watch(client: Orchestrator, ids: Iterable[str]) -> AsyncIterator[Sight]:
    """Every job whenever something about it has changed, until all have ended."""
    wanted = list(dict.fromkeys(ids))
    seen: asyncio.Queue[Sight | None] = asyncio.Queue()
    turns = asyncio.Semaphore(AT_ONCE)
    crowded = len(wanted) > AT_ONCE

    async def one(workflow_id: str) -> None:
        async for sight in _one(client, workflow_id, turns, crowded=crowded):
            seen.put_nowait(sight)

    async def all_of_them() -> None:
        try:
            await asyncio.gather(*map(one, wanted))
        finally:
            seen.put_nowait(None)

    task = asyncio.create_task(all_of_them())
    try:
        while (sight := await seen.get()) is not None:
            yield sight
        await task
    finally:
        task.cancel()


async def _one(
    client: Orchestrator, workflow_id: str, turns: asyncio.Semaphore, *, crowded: bool
) -> AsyncIterator[Sight]:
    loop = asyncio.get_running_loop()
    before: Sight | None = None
    quiet = 0
    while before is None or not before.is_over:
        wait = 0 if before is None or crowded else WAITS[min(quiet, len(WAITS) - 1)]
        begun = loop.time()
        async with turns:
            now = await _look(client, workflow_id, wait)
        changed = before is None or now.as_json() != before.as_json()
        quiet = 0 if changed else quiet + 1
        if changed:
            yield now
        if not now.is_over and before is not None and loop.time() - begun < min(wait or PAUSE, PAUSE):
            await asyncio.sleep(PAUSE / 2)  # a server that does not wait must not be asked without pause
        before = now


async def _look(client: Orchestrator, workflow_id: str, wait: int) -> Sight:
    try:
        return sight_of(await client.get(workflow_id, wait=wait))
    except CivgenError as error:
        return Sight(workflow_id, error=error)
