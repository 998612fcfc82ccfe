"""Cancel a job that has not ended. What was done so far may be charged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from civgen.mcp.tool import Asked, Call, Hints

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = Hints(reads_only=False, destroys=True, outside=True)
NEXT = "Call `jobs` with status = ['running']."
SOURCE = "orchestrator"


class Input(Asked):
    id: str


class Output(TypedDict):
    id: str
    status: str


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    workflow = workspace.jobs.cancel(asked.id)
    return Output(id=workflow.id or asked.id, status=workflow.status)
