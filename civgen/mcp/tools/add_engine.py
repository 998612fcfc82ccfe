"""Add an engine, read off the orchestrator's contract.

`key`: how ecosystems will name it. `wire`, `choices`: what the contract calls its input, with discriminators
such as operation; wrong ones are refused with those that there are. Without `write` it shows the diff and
writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from civgen.mcp import added
from civgen.mcp.tool import Asked, Call
from civgen.scaffold.answers import EngineAnswers

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = added.HINTS
NEXT = added.NEXT


class Input(EngineAnswers, Asked):
    used_by: Annotated[
        dict[str, Any], Field(description="Its ecosystem: answers as of add_base_model, without engine.")
    ] = {}
    write: added.Write = False


Output = added.Added


def run(workspace: Workspace, asked: Input, _: Call) -> added.Added:
    engine = asked.model_dump(exclude_unset=True, exclude={"used_by", "write"})
    used_by = {"name": asked.used_by.get("ecosystem"), **asked.used_by} if asked.used_by else None
    return added.answer(workspace.add.engine(engine, used_by, write=asked.write))
