"""`civgen list`: what there is."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from civgen.cli.answers import answers
from civgen.cli.output import emit, table
from civgen.cli.state import state
from civgen.results.catalog import Listing

app = typer.Typer()

Row = dict[str, Any]

#: What is left to `--json` and `civgen show`.
_LONG = (
    "workflows",
    "supports",
    "sizes",
    "url",
    "parent",
    "family",
    "ecosystems",
    "note",
    "model_id",
    "coverage",
    "license",
    "form",
    "without_source",
    "with_images",
    "becomes",
)


@app.command("list")
@answers(Listing)
def list_(
    what: Annotated[
        str,
        typer.Argument(help="ecosystems, base-models, engines, versions, licenses, samplers, workflows, …"),
    ] = "ecosystems",
    media: Annotated[str | None, typer.Option(help="Only of this medium: image or video.")] = None,
    family: Annotated[str | None, typer.Option(help="Only of this family, by key.")] = None,
    workflow: Annotated[str | None, typer.Option(help="Only what serves this workflow key.")] = None,
    supports: Annotated[
        str | None, typer.Option(metavar="TYPE", help="Only what takes this model type.")
    ] = None,
    generatable: Annotated[bool, typer.Option("--generatable", help="Only what can generate.")] = False,
) -> None:
    """List what there is of one kind."""
    wanted: Row = {"media": media, "family": family, "workflows": workflow, "supports": supports}
    rows = state().api.listing(what, **wanted, **({"generates": True} if generatable else {}))
    emit(rows, lambda: _draw(rows))


def _draw(rows: list[Row]) -> None:
    """A table of what fits a line; long lists are for `--json` and `civgen show`."""
    columns = list(dict.fromkeys(name for row in rows for name in row if name not in _LONG))
    spare = [name for name in reversed(columns) if name != "description"]
    table(columns, ([_cell(row.get(name)) for name in columns] for row in rows), spare=spare)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value)) if not value or not isinstance(value[0], dict) else len(value)
    if isinstance(value, dict):
        return " ".join(map(str, value.values()))
    return {True: "yes", False: ""}.get(value, value) if isinstance(value, bool) else value
