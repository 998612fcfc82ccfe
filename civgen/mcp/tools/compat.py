"""Say whether an add-on fits a checkpoint (full, partial or none), and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp.tool import READS, Asked, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = "Call `list` for ecosystems and base models."


class Input(Asked):
    checkpoint: Annotated[str, Field(description="Ecosystem, base model or version number.")]
    addon: Annotated[str, Field(description="The same, of the add-on.")]
    type: Annotated[str, Field(description="Model type of the add-on.")] = "LORA"


class Output(TypedDict):
    checkpoint: str
    addon: str
    type: str
    support: Literal["full", "partial", "none"]
    why: str


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    from civgen.catalog.names import ecosystem_named, model_type_named

    catalog = workspace.catalog
    here, there = ecosystem_named(catalog, asked.checkpoint), ecosystem_named(catalog, asked.addon)
    kind = model_type_named(asked.type)
    verdict = catalog.compatibility(here.key, there.key, kind)
    return Output(checkpoint=here.key, addon=there.key, type=kind, support=verdict.level, why=verdict.why)
