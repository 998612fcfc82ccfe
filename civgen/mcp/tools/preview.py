"""Show the body that a request would post. Nothing is sent."""

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
    body: dict[str, Any]
    repairs: list[dict[str, Any]]


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    found = workspace.preview(**asked.order)
    return Output(body=found.body, repairs=[one.as_json() for one in found.repairs])
