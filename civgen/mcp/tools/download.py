"""Fetch the results of ended jobs into a folder of the workspace. A file that is there is never touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from civgen.errors import AnswerIsNo, Refused
from civgen.mcp.media import fetched
from civgen.mcp.resources import is_open
from civgen.mcp.tool import Asked, Call, Hints

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = Hints(reads_only=False, outside=True)
NEXT = "Call `jobs` with the ids and wait until they have ended."
SOURCE = "orchestrator"


class Input(Asked):
    ids: Annotated[list[str], Field(min_length=1, max_length=20)]
    folder: Annotated[str, Field(description="Below the workspace.")] = "outputs"


class Output(TypedDict):
    files: list[dict[str, Any]]


def run(workspace: Workspace, asked: Input, call: Call) -> Output:
    from civgen.scaffold.changes import confined

    root = workspace.home.required
    folder = confined(root, asked.folder)
    if not is_open(folder.relative_to(root.resolve())):
        raise Refused(f"{asked.folder} is hidden, and not for results.")
    files: list[dict[str, Any]] = []
    for number, job in enumerate(asked.ids):
        call.told(f"fetching {job}", number / len(asked.ids))
        if not workspace.jobs.get(job).is_terminal:
            raise AnswerIsNo(f"The job {job} has not ended.", data={"files": files})
        for one in workspace.jobs.download(job, folder):
            files.append({**one.as_json(), "uri": fetched(call, root, one)})
    return Output(files=files)
