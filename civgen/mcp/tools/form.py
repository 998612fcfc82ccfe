"""Show the form of a request: fields with defaults, ranges and options, as its values bring about.

`explain` says where a field comes from, with file and line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from civgen.mcp.paging import Picked, refuse_unknown
from civgen.mcp.tool import READS, Call

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = READS
NEXT = "Call `list` for ecosystems and workflow keys, and name one in the request."


class Input(Picked):
    request: dict[str, Any]
    explain: Annotated[str | None, Field(description="Key of a field.")] = None
    limit: Annotated[int, Field(ge=1, le=500, description="Options of a field.")] = 20


class Output(TypedDict):
    ecosystem: NotRequired[str | None]
    workflow: NotRequired[str]
    engine: NotRequired[str]
    version: NotRequired[int | None]
    fields: NotRequired[list[dict[str, Any]]]
    problems: NotRequired[list[dict[str, Any]]]
    explained: NotRequired[dict[str, Any]]


def run(workspace: Workspace, asked: Input, _: Call) -> Any:
    if asked.explain:
        return {"explained": workspace.forms.explain(asked.request, asked.explain)}
    form = workspace.forms.show(asked.request)
    refuse_unknown(asked.fields, [one["key"] for one in form["fields"]])
    wanted = [one for one in form["fields"] if not asked.fields or one["key"] in asked.fields]
    return {**form, "fields": [_short(one, asked.limit) for one in wanted]}


def _short(field: dict[str, Any], limit: int) -> dict[str, Any]:
    """A field with what is said of it, and as many options as were asked for."""
    said = {name: value for name, value in field.items() if value not in (None, [], {}, False)}
    options = said.get("options", [])
    if len(options) > limit:
        said |= {"options": options[:limit], "more_options": len(options) - limit}
    return said
