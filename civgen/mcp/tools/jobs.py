"""List jobs, newest first; or show those of `ids`.

With `wait` it waits up to so many seconds until they have ended: ask again while `over` is false. Results are
links; `fields` names more: outputs, steps, transactions, tags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp.media import seen, told_of
from civgen.mcp.paging import Picked, picked, refuse_unknown, short
from civgen.mcp.tool import ASKS, LONGEST_WAIT, Call

if TYPE_CHECKING:
    from civgen.api import Workspace
    from civgen.orchestrator.answers import Workflow

HINTS = ASKS
NEXT = "Call `jobs` without ids: it lists those that there are."
SOURCE = "orchestrator"


class Input(Picked):
    ids: Annotated[list[str], Field(max_length=20)] = []
    wait: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] = 0
    status: Annotated[list[str], Field(description="succeeded, failed, running, ended, …")] = []
    since: Annotated[str | None, Field(description="2026-03-01, or 24h, 7d ago.")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    cursor: str | None = None


class Output(TypedDict):
    jobs: list[dict[str, Any]]
    over: bool
    cursor: str | None


def run(workspace: Workspace, asked: Input, call: Call) -> Output:
    if asked.ids:
        return _watched(workspace, asked, call)
    from civgen.jobs.listing import Filter, read_moment, read_status
    from civgen.orchestrator.workflows import Question

    since = read_moment(asked.since, "since") if asked.since else None
    page = workspace.jobs.list(
        Filter(Question(since=since), read_status(asked.status)), asked.limit, asked.cursor
    )
    over = all(one.is_terminal for one in page.jobs)
    return Output(jobs=_told(page.jobs, asked), over=over, cursor=page.next)


def _watched(workspace: Workspace, asked: Input, call: Call) -> Output:
    sights: dict[str, Any] = {}
    if asked.wait:
        watched = workspace.jobs.wait(asked.ids, asked.wait, lambda sight: told_of(call, sight))
        sights = {one.id: one for one in watched.sights}
    found = [_one(workspace, job, sights.get(job)) for job in asked.ids]
    for one in found:
        seen(call, one)
    return Output(jobs=_told(found, asked), over=all(one.is_terminal for one in found), cursor=None)


def _one(workspace: Workspace, job: str, sight: Any) -> Workflow:
    if sight is not None and sight.error is not None:
        raise sight.error
    found = sight.workflow if sight is not None else None
    return found or workspace.jobs.get(job)


def _told(jobs: Any, asked: Input) -> list[dict[str, Any]]:
    from civgen.jobs.outline import full

    rows = [full(one) for one in jobs]
    refuse_unknown(asked.fields, dict.fromkeys(key for row in rows for key in row))
    return [picked(row, ["id", *asked.fields]) if asked.fields else short(row) for row in rows]
