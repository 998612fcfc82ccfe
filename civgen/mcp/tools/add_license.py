"""Add a licence that base models can name. Without `write` it shows the diff and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civgen.mcp import added
from civgen.mcp.tool import Asked, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = added.HINTS
NEXT = added.NEXT


class Input(Asked):
    name: str
    url: str
    disable_mature: bool = False
    non_commercial: bool = False
    notice: bool = False
    powered_by: bool = False
    distinct: bool = False
    write: added.Write = False


Output = added.Added


def run(workspace: Workspace, asked: Input, _: Call) -> added.Added:
    return added.answer(workspace.add.license(**asked.model_dump(exclude_unset=True)))
