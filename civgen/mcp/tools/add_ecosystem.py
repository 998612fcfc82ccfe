"""Add an ecosystem, for weights whose LoRAs fit no other; else add a base model to the one that they fit.

The rest is as in `add_base_model`. Without `write` it shows the diff and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from civgen.mcp import added
from civgen.mcp.tool import Asked, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = added.HINTS
NEXT = added.NEXT


class Input(Asked):
    key: str
    license: str
    checkpoint: int
    model_id: int | None = None
    parent: str | None = None
    media: Literal["image", "video"] | None = None
    engine: str | None = None
    workflows: list[str] = []
    name: str | None = None
    label: str | None = None
    distinct: bool = False
    write: added.Write = False


Output = added.Added


def run(workspace: Workspace, asked: Input, _: Call) -> added.Added:
    return added.answer(workspace.add.ecosystem(**asked.model_dump(exclude_unset=True)))
