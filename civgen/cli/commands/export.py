"""`civgen export`: the catalogue for a host application."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from civgen.cli.answers import answers
from civgen.cli.output import emit, note
from civgen.cli.state import state
from civgen.errors import InvalidInput, not_found
from civgen.results.catalog import Exported

app = typer.Typer()


@app.command()
@answers(Exported)
def export(
    form: Annotated[str, typer.Option("--format", help="json, jsonschema or typescript.")] = "json",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here instead of stdout.")] = None,
) -> None:
    """Write the whole catalogue, built in and of the workspace, for a host application."""
    from civgen.catalog import export as written

    catalog = state().catalog
    writers: dict[str, Callable[[], str]] = {
        "json": lambda: _text(written.as_json(catalog)),
        "jsonschema": lambda: _text(written.as_json_schema(catalog)),
        "typescript": lambda: written.as_typescript(catalog),
    }
    if form not in writers:
        raise not_found("format", form, writers)
    if out is None and state().json and form == "typescript":
        raise InvalidInput("TypeScript is no JSON document.", hint="Write it to a file with --out FILE.")
    text = writers[form]()
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        emit({"written": [str(out)]}, lambda: note(f"Written to {out}."))


def _text(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
