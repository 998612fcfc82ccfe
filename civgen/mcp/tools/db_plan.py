"""Show what must change for the database to say what the catalogue says. `db_apply` takes its fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp.scopes import ScopeAsked
from civgen.mcp.tool import READS, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = "Call `lint`: the catalogue must be right before rows are."
SOURCE = "database"


class Input(ScopeAsked):
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    offset: Annotated[int, Field(ge=0)] = 0


class Output(TypedDict):
    fingerprint: str
    counts: dict[str, int]
    changes: list[dict[str, Any]]
    next_offset: int | None
    blocked: list[dict[str, Any]]
    leftover: int
    many: list[str]


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    plan = workspace.db.plan(asked.scope)
    end = asked.offset + asked.limit
    return Output(
        fingerprint=plan.fingerprint,
        counts=plan.counts,
        changes=[change.as_json() for change in plan.changes[asked.offset : end]],
        next_offset=end if end < len(plan.changes) else None,
        blocked=[one.as_json() for one in plan.blocked],
        leftover=plan.leftover,
        many=list(plan.many),
    )
