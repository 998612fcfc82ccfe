"""Check everything that must agree: files, references, forms, engines and the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp.paging import Paged, page_of
from civgen.mcp.tool import READS, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = "Call `lint` without paths and codes."


class Input(Paged):
    paths: Annotated[list[str], Field(description="Only findings of these, below the workspace.")] = []
    select: Annotated[list[str], Field(description="Codes of rules, or their beginnings.")] = []
    ignore: list[str] = []


class Output(TypedDict):
    ok: bool
    counts: dict[str, int]
    items: list[dict[str, Any]]
    total: int
    next_offset: int | None
    skipped: list[dict[str, Any]]


def run(workspace: Workspace, asked: Input, _: Call) -> Any:
    from civgen.scaffold.changes import confined

    paths = [confined(workspace.home.required, one) for one in asked.paths]
    report = workspace.lint(paths, select=asked.select, ignore=asked.ignore)
    said = report.as_json()
    page = page_of(said["findings"], asked)
    return {"ok": not report.counts["error"], "counts": report.counts, **page, "skipped": said["skipped"]}
