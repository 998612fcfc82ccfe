"""Check a request against its form and resources; refused with every problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    values: dict[str, Any]
    repairs: list[dict[str, Any]]


def run(workspace: Workspace, asked: Input, _: Call) -> Any:
    return workspace.validate(**asked.order)
