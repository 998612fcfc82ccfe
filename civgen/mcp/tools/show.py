"""Show all that is known of a name: ecosystem, base model, engine, licence, …, or version number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from civgen.mcp.paging import Picked, picked, refuse_unknown
from civgen.mcp.tool import READS, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = "Call `list` for the names that there are."


class Input(Picked):
    name: str


class Output(TypedDict):
    found: list[dict[str, Any]]


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    found = workspace.show(asked.name)
    refuse_unknown(asked.fields, dict.fromkeys(key for one in found for key in one))
    return Output(found=[picked(one, asked.fields) for one in found])
