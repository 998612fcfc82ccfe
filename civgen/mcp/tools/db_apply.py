"""Write the plan of that fingerprint in one transaction.

All of it, or nothing when the database has moved on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp.scopes import ScopeAsked
from civgen.mcp.tool import Call, Hints

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = Hints(reads_only=False, destroys=True)
NEXT = "Call `db_plan` again and look at what it would change now."
SOURCE = "database"


class Input(ScopeAsked):
    fingerprint: Annotated[str, Field(description="Of the `db_plan` that was looked at, in the same scope.")]
    allow_many: Annotated[bool, Field(description="Let many rows of a table be deleted.")] = False


class Output(TypedDict):
    applied: dict[str, Any] | None
    counts: dict[str, int]
    blocked: list[dict[str, Any]]


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    plan, done = workspace.db.apply_as_seen(asked.fingerprint, asked.scope, allow_many=asked.allow_many)
    blocked = [one.as_json() for one in plan.blocked]
    return Output(applied=done.as_json() if done else None, counts=plan.counts, blocked=blocked)
