"""What the tools that add something answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp.tool import Hints

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

#: Files are made, or more is put into them; what they say stays.
HINTS = Hints(reads_only=False)
NEXT = "Call `guide`: its pages say what to find out first."

Write = Annotated[bool, Field(description="Write the files; else only show the diff.")]


class Added(TypedDict):
    """What was written, or would be."""

    dry_run: bool
    written: list[str]
    unchanged: list[str]
    diff: str
    rows: list[dict[str, Any]]
    notes: list[str]
    next: list[str]


def answer(outcome: Outcome) -> Added:
    """The outcome, with the next tool in place of commands."""
    said = {name: value for name, value in outcome.as_json().items() if name in Added.__annotations__}
    if outcome.dry_run and outcome.changes:
        said["next"] = ["Look at the diff, then call the same with write = true."]
    else:
        said["next"] = ["Call `lint`; then go on as `guide` says under 'generate'."]
    return cast(Added, said)
