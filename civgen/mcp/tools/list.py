"""List what there is of one kind.

Kinds: ecosystems, base-models, versions, engines, licenses, families, samplers, workflows, sizes, tiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from civgen.mcp.paging import Page, Paged, page_of
from civgen.mcp.tool import READS, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = "Call `list` with another kind, or without filters."


class Input(Paged):
    what: str = "ecosystems"
    media: Literal["image", "video"] | None = None
    family: str | None = None
    workflow: str | None = None
    supports: str | None = None
    generates: bool | None = None


Output = Page


def run(workspace: Workspace, asked: Input, _: Call) -> Page:
    wanted: dict[str, Any] = {"media": asked.media, "family": asked.family, "workflows": asked.workflow}
    wanted |= {"supports": asked.supports, "generates": asked.generates}
    return page_of(workspace.listing(asked.what, **wanted), asked)
