"""Run a request and pay for it, with the token that `whatif` gave for exactly this request.

It runs once, or is refused. Answers at once, or after `wait` seconds; then ask `jobs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp import requests
from civgen.mcp.media import seen, told_of
from civgen.mcp.tool import LONGEST_WAIT, Call, Hints

if TYPE_CHECKING:
    from civgen.api import Workspace

#: It spends, and what is spent is gone.
HINTS = Hints(reads_only=False, destroys=True, repeatable=False, outside=True)
NEXT = "Call `whatif` with the request for its price and a new token."
SOURCE = "orchestrator"


class Input(requests.RequestAsked):
    token: Annotated[str, Field(description="Of the price that `whatif` told for this request.")]
    wait: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] = 0


class Output(TypedDict):
    id: str
    externalId: str
    status: str
    over: bool
    cost: dict[str, Any]
    uploads: list[dict[str, Any]]
    next: list[str]


def run(workspace: Workspace, asked: Input, call: Call) -> Any:
    done = workspace.submit(**asked.order, token=asked.token, told=lambda words: call.told(words, None))
    said, workflow = done.as_json(), done.workflow
    if asked.wait and workflow.id:
        watched = workspace.jobs.wait([workflow.id], asked.wait, lambda sight: told_of(call, sight))
        workflow = next((one.workflow for one in watched.sights if one.workflow), workflow)
    seen(call, workflow)
    after = "`download` with" if workflow.is_terminal else f"`jobs` with wait = {LONGEST_WAIT} and"
    kept = {name: said[name] for name in ("externalId", "cost", "uploads")}
    about = {"id": workflow.id, "status": workflow.status, "over": workflow.is_terminal}
    return {**about, **kept, "next": [f"Call {after} ids = [{workflow.id!r}]."]}
