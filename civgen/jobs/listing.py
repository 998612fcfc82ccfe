"""Own jobs, found by what they are, page after page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from civgen.errors import InvalidInput, Problem
from civgen.orchestrator.answers import Workflow
from civgen.orchestrator.client import Orchestrator
from civgen.orchestrator.workflows import PAGE, Question, page

STATUSES = (
    "unassigned",
    "preparing",
    "scheduled",
    "processing",
    "succeeded",
    "failed",
    "expired",
    "canceled",
)
_AGO = re.compile(r"(\d+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Found:
    """A job that was found.

    Attributes:
        page: cursor of the page that it stands on; None for the first.
        place: its place there, from 1.
    """

    workflow: Workflow
    page: str | None
    place: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which jobs are wanted.

    Attributes:
        question: what the API can tell apart.
        statuses: any of them; what the API cannot tell apart is looked at here, as the pages come.
    """

    question: Question
    statuses: frozenset[str] = frozenset()

    def takes(self, workflow: Workflow) -> bool:
        """Whether a workflow that the API gave is wanted."""
        has_status = not self.statuses or workflow.status in self.statuses
        return has_status and set(self.question.tags) <= set(workflow.tags)


async def find(client: Orchestrator, wanted: Filter, cursor: str | None = None) -> AsyncIterator[Found]:
    """Jobs in the API's order, newest first; a page is asked for when it is needed.

    Args:
        cursor: where an earlier listing left off.
    """
    while True:
        here = await page(client, wanted.question, PAGE, cursor)
        for place, workflow in enumerate(here.items, start=1):
            if wanted.takes(workflow):
                yield Found(workflow, cursor, place)
        if here.next is None:
            return
        cursor = here.next


async def some(
    client: Orchestrator, wanted: Filter, limit: int, cursor: str | None = None
) -> tuple[list[Workflow], str | None]:
    """At most `limit` jobs, and the cursor for those behind them; None when there are no more."""
    jobs: list[Workflow] = []
    last: Found | None = None
    async for found in find(client, wanted, cursor):
        if last is not None and len(jobs) == limit:
            return jobs, await _behind(client, wanted, last)
        jobs.append(found.workflow)
        last = found
    return jobs, None


async def _behind(client: Orchestrator, wanted: Filter, last: Found) -> str | None:
    """The cursor behind a job in the middle of a page: that of a page that ends with it."""
    return (await page(client, wanted.question, last.place, last.page)).next


def read_status(texts: Sequence[str]) -> frozenset[str]:
    """Statuses by name; `running` and `ended` stand for four each.

    Raises:
        InvalidInput: with every one that there is not.
    """
    groups = {"running": STATUSES[:4], "ended": STATUSES[4:]}
    wrong = [text for text in texts if text not in STATUSES and text not in groups]
    if wrong:
        allowed = [*STATUSES, *groups]
        problems = [Problem("status", "is no status", given=text, allowed=allowed) for text in wrong]
        raise InvalidInput(f"There is no status {wrong[0]!r}.", details=problems)
    return frozenset(status for text in texts for status in groups.get(text, (text,)))


def read_moment(text: str, field: str, now: datetime | None = None) -> datetime:
    """A moment: a date, a date and time, or how long ago, such as `90m`, `24h`, `7d`, `2w`.

    Raises:
        InvalidInput: it is none of them.
    """
    if ago := _AGO.fullmatch(text):
        return (now or datetime.now(UTC)) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "For instance 2026-03-01, 2026-03-01T12:00 or 24h."
        problem = Problem(field, "is no date and no time ago", given=text, hint=hint)
        raise InvalidInput(f"{text!r} is no date.", hint=hint, details=[problem]) from None
    return moment if moment.tzinfo else moment.astimezone()
