"""Say whether rows let a version generate, and if not, what would help.

`name`: a version number, or an ecosystem for all of its versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from civgen.mcp.tool import READS, Asked, Call

if TYPE_CHECKING:
    from civgen.api import Workspace
    from civgen.db.answers import Answer

HINTS = READS
NEXT = "Call `list` with what = 'versions', or `db_plan`."
SOURCE = "database"


class Input(Asked):
    name: str


class Output(TypedDict):
    place: str
    versions: list[dict[str, Any]]


def run(workspace: Workspace, asked: Input, _: Call) -> Output:
    found, place = workspace.db.coverage(asked.name)
    return Output(place=place, versions=[_short(one) for one in found])


def _short(one: Answer) -> dict[str, Any]:
    """Whether and through which branch; of one that may not, what the nearest branch lacks."""
    nearest = one.missing[0][0].name if one.missing else None
    lacks = [
        {"branch": branch.name, "lacks": remedy.change, "help": remedy.how}
        for branch, _, remedy in one.missing
        if branch.name == nearest
    ]
    about = {"version": one.coverage.version, "name": one.name, "baseModel": one.base_model}
    return {**about, "generates": bool(one.coverage.through), "through": one.coverage.through, "lacks": lacks}
