"""Add a model version to an ecosystem that there is.

Without `write` it shows the diff and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from civgen.mcp import added
from civgen.mcp.tool import Asked, Call
from civgen.scaffold.answers import Coverage

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = added.HINTS
NEXT = added.NEXT


class Input(Asked):
    ecosystem: Annotated[str, Field(description="By key, name or base model.")]
    checkpoint: Annotated[int, Field(description="Number of the version.")]
    label: str
    model_id: int | None = None
    base_model: str | None = None
    workflows: list[str] = []
    coverage: Coverage | None = None
    engine_options: dict[str, Any] = {}
    write: added.Write = False


Output = added.Added


def run(workspace: Workspace, asked: Input, _: Call) -> added.Added:
    return added.answer(workspace.add.version(**asked.model_dump(exclude_unset=True)))
