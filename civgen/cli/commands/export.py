"""`civgen export`: the catalogue for a host application."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from civgen.cli.answers import answers
from civgen.cli.output import emit, note
from civgen.cli.state import state
from civgen.errors import AnswerIsNo, InvalidInput, not_found
from civgen.files import usable
from civgen.results.catalog import Exported, HostWritten

app = typer.Typer()


@app.command()
@answers(
    Exported,
    {7: "with --check: a module differs"},
    {8: "a file that civgen did not write is in the way"},
)
def export(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="FORMAT", help="json (the default), jsonschema or typescript.", show_default=False
        ),
    ] = None,
    form: Annotated[str | None, typer.Option("--format", help="The same as FORMAT.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|DIR",
            help="Write it here instead of stdout; with --layout the folder of its modules, by default the "
            "layout's own.",
        ),
    ] = None,
    layout: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="TOML: which module has which data, under which names, in which style."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --layout: show the files as a diff, and write nothing.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="With --layout: write nothing, and exit with 7 when a file differs."),
    ] = False,
) -> None:
    """Write the catalogue, built in and of the workspace, for a host application.

    Without --layout it is one document. A host that keeps constants of its
    own has them as typed modules: `civgen export typescript --layout FILE`.

    The layout's tables are `style` (declare: as-const or typed; names: union,
    enum or object; quotes, semicolons, trailing_commas, indent, width),
    `modules` (path) and `modules.exports` (data: ecosystems, base-models,
    versions, forms, engines, …; name, type, names, shape: list or record;
    key, fields, where). See docs/export.md for examples.

    Modules that civgen did not write are never overwritten.
    """
    chosen = _chosen(what, form)
    if layout is not None:
        _refuse_other(chosen)
        _host(layout, out or layout.parent, dry_run=dry_run, check=check)
        return
    if dry_run or check:
        raise InvalidInput(f"{'--dry-run' if dry_run else '--check'} goes with --layout.",
                           hint="Add --layout FILE.")  # fmt: skip
    _whole(chosen or "json", out)


def _chosen(what: str | None, form: str | None) -> str | None:
    if what and form and what != form:
        raise InvalidInput(f"The format is said twice: {what} and {form}.", hint="Leave --format out.")
    return what or form


def _refuse_other(chosen: str | None) -> None:
    if chosen not in (None, "typescript"):
        raise InvalidInput(
            f"A layout is of TypeScript modules, and {chosen} is asked for.",
            hint="Write `civgen export typescript --layout FILE`.",
        )


def _whole(form: str, out: Path | None) -> None:
    """Everything as one document."""
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
        with usable(out):
            out.write_text(text, encoding="utf-8")
        emit({"written": [str(out)]}, lambda: note(f"Written to {out}."))


def _host(layout: Path, out: Path, *, dry_run: bool, check: bool) -> None:
    """The modules of a host.

    Raises:
        AnswerIsNo: under `check` a file differs.
    """
    from civgen.scaffold.host.data import kinds
    from civgen.scaffold.host.modules import host_changes
    from civgen.scaffold.host.reading import read_layout
    from civgen.scaffold.writing import write

    known = kinds(state().platform())
    changes, unchanged = host_changes(read_layout(layout, known), known, out)
    if not (dry_run or check):
        write(out, changes)
    found: HostWritten = {
        "dry_run": dry_run or check,
        "written": [one.path for one in changes],
        "unchanged": unchanged,
        "diff": "".join(one.diff() for one in changes),
    }
    emit(found, lambda: _draw(found, out))
    if check and changes:
        again = f"civgen export typescript --layout {shlex.quote(str(layout))} --out {shlex.quote(str(out))}"
        raise AnswerIsNo(
            f"Not up to date: {', '.join(found['written'])}.", hint=f"Write them with `{again}`."
        )


def _draw(found: HostWritten, out: Path) -> None:
    if found["dry_run"]:
        typer.echo(found["diff"], nl=False)
        differ = ", ".join(found["written"]) or "no module"
        note(f"Nothing was written; what differs: {differ}.")
        return
    for path in found["unchanged"]:
        typer.echo(f"unchanged  {out / path}")
    for path in found["written"]:
        typer.echo(f"wrote      {out / path}")


def _text(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
