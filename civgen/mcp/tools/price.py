"""Estimate what a request costs from published prices, asking nobody.

What is not published is null, never 0. To pay, ask `whatif`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired

from typing_extensions import TypedDict

from civgen.mcp import requests
from civgen.mcp.tool import READS, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = requests.NEXT


class Input(requests.RequestAsked):
    pass


class Output(TypedDict):
    total: float | None
    known: bool
    base: float | None
    factors: dict[str, float]
    fixed: dict[str, float]
    steps: NotRequired[list[dict[str, Any]]]
    unpriced: NotRequired[list[str]]
    assumed: NotRequired[list[str]]


def run(workspace: Workspace, asked: Input, _: Call) -> Any:
    return workspace.price(**asked.order).as_json()
