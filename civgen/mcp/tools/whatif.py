"""Ask the orchestrator what a request costs: the price, and the token that `submit` takes.

Nothing runs. The token is good once, for ten minutes, for exactly this request. Tell the price to who pays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired

from typing_extensions import TypedDict

from civgen.mcp import requests
from civgen.mcp.tool import Call, Hints

if TYPE_CHECKING:
    from civgen.api import Workspace

#: It keeps the offer, each time a new one.
HINTS = Hints(reads_only=False, repeatable=False, outside=True)
NEXT = requests.NEXT
SOURCE = "orchestrator"


class Input(requests.RequestAsked):
    pass


class Output(TypedDict):
    cost: dict[str, Any]
    token: str | None
    expires: str | None
    published: float | None
    difference: float | None
    currencies: dict[str, float]
    balanceCovers: bool | None
    notChecked: list[str]
    why: NotRequired[str]


def run(workspace: Workspace, asked: Input, _: Call) -> Any:
    return workspace.whatif(**asked.order).as_json()
