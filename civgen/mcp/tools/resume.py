"""Go on with a submission whose answer was lost, by the externalId of `submit`.

Its token paid for it: it runs once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from civgen.errors import Refused
from civgen.mcp.tool import Asked, Call, Hints

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = Hints(reads_only=False, destroys=True, outside=True)
NEXT = "Call `jobs`: it may be running already."
SOURCE = "orchestrator"


class Input(Asked):
    externalId: str  # noqa: N815 - as submit answers


class Output(TypedDict):
    id: str
    externalId: str
    status: str


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    from civgen.api.orders import Counter

    if not Counter(workspace).was_offered(asked.externalId):
        raise Refused("No price token paid for that submission; nothing was sent.")
    workflow = workspace.jobs.resume(asked.externalId)
    return Output(id=workflow.id or "", externalId=asked.externalId, status=workflow.status)
