"""`civgen db`: the rows that make the catalogue generatable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from civgen.db.connect import Database
    from civgen.db.plan import Plan

app = typer.Typer(name="db", help="The rows that make the catalogue generatable.", no_args_is_help=True)


@app.command()
def plan(
    check: Annotated[bool, typer.Option("--check", help="Exit with 7 when something is pending.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Also write the plan here, as JSON.", metavar="FILE")
    ] = None,
) -> None:
    """Show what must change for the database to say what the catalogue says."""
    from civgen.cli.output import emit, note
    from civgen.db.planfile import write_plan
    from civgen.errors import AnswerIsNo

    pending = _pending(_database())
    emit(pending.as_json(), lambda: _show(pending))
    if out:
        write_plan(pending, out)
        note(f"Written to {out}; apply it with `civgen db apply {out}`.")
    if check and pending.changes:
        message = f"The database is not up to date: pending changes: {len(pending.changes)}."
        raise AnswerIsNo(message, hint="Write them with `civgen db apply`.")


@app.command()
def apply(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PLANFILE]", help="A plan of `db plan --out`; else one is made.", show_default=False
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and stop.")] = False,
) -> None:
    """Write the pending changes: all of them, or nothing when the database has moved on."""
    from civgen.cli.output import confirm, emit, note
    from civgen.cli.state import state
    from civgen.db.apply import apply_plan, refuse_if_moved
    from civgen.db.planfile import read_plan

    given = read_plan(file) if file else None
    database = _database()
    pending = _pending(database)
    if given:
        refuse_if_moved(given, pending)
    emit({"applied": None, **pending.as_json()}, lambda: _show(pending))
    if dry_run or not pending.changes:
        return
    if not yes:
        confirm(f"Write this to {database.place}?")
    applied = apply_plan(database, state().catalog, pending)
    emit(
        {"applied": applied and applied.as_json(), **pending.as_json()},
        lambda: note(f"Written to {database.place}."),
    )


@app.command()
def status() -> None:
    """Show what the database has, what of it may generate, and what is pending."""
    from civgen.cli.output import emit, table
    from civgen.cli.state import state
    from civgen.db.status import status_of

    found = status_of(_database(), state().catalog)
    rows = [*found.rows.items(), ("may generate", found.covered), ("pending changes", found.pending)]
    emit(found.as_json(), lambda: table(("", "rows"), rows, title=found.database))


def _database() -> Database:
    from civgen.cli.state import state
    from civgen.db.connect import open_database

    return open_database(state().environment, state().workspace.required)


def _pending(database: Database) -> Plan:
    from civgen.cli.state import state
    from civgen.db.plan import make_plan

    with database.reading() as connection:
        return make_plan(connection, state().catalog)


def _show(plan: Plan) -> None:
    from civgen.cli.output import console
    from civgen.db.render import plan_view

    console().print(plan_view(plan))
