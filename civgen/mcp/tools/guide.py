"""Tell how something is done with these tools, step by step; without a topic, which topics there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from civgen.mcp import guides
from civgen.mcp.tool import READS, Asked, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = "Call `guide` without a topic."


class Input(Asked):
    topic: str | None = None


class Output(TypedDict):
    topics: dict[str, str]
    page: str | None


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    page = guides.page(asked.topic, workspace) if asked.topic else None
    return Output(topics=guides.topics(), page=page)
