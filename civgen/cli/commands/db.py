"""`civgen db`: the rows that make the catalogue generatable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.again import command
from civgen.cli.answers import CONSENT, DATABASE, answers
from civgen.cli.following import repeated, suggest
from civgen.cli.options import spread
from civgen.cli.plans import (
    ScopeOptions,
    ViewOptions,
    given_plan,
    lead_on,
    pending_plan,
    refuse_blocked,
    refuse_pending,
    show_plan,
)
from civgen.results.db import AppliedPlan, Copied, DatabaseStatus, History, Statements, TakenBack
from civgen.results.db import Plan as PlanShown

if TYPE_CHECKING:
    from civgen.db.connect import Database

app = typer.Typer(name="db", help="The rows that make the catalogue generatable.", no_args_is_help=True)


_PENDING = {7: "something is pending: `check` always says so, `plan` with --check"}
_WRITING = CONSENT | {
    8: "nobody consented, the plan is out of date, or many rows would go; nothing was written"
}


PlanFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PLANFILE]", help="A plan of `db plan --out`; else one is made.", show_default=False
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and stop.")]


@app.command()
@answers(PlanShown, DATABASE, _PENDING, workspace=True)
@spread
def plan(
    scope: ScopeOptions,
    view: ViewOptions,
    check: Annotated[bool, typer.Option("--check", help="Exit with 7 when something is pending.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Also write the plan here, as JSON.", metavar="FILE")
    ] = None,
) -> None:
    """Show what must change for the database to say what the catalogue says."""
    from civgen.cli.output import note
    from civgen.db.planfile import write_plan

    pending = pending_plan(_database(), scope.scope)
    lead_on(pending, scope, out)
    show_plan(pending, view)
    if out:
        write_plan(pending, out)
        note(f"Written to {out}.")
    if check:
        refuse_pending(pending)


@app.command("check")
@answers(PlanShown, DATABASE, _PENDING, workspace=True)
@spread
def check_(scope: ScopeOptions, view: ViewOptions) -> None:
    """Exit with 7 when the database does not say what the catalogue says."""
    pending = pending_plan(_database(), scope.scope)
    lead_on(pending, scope)
    show_plan(pending, view)
    refuse_pending(pending)


@app.command()
@answers(
    AppliedPlan,
    DATABASE,
    _WRITING,
    {9: "some rows cannot be written by anybody but a person"},
    workspace=True,
)
@spread
def apply(
    scope: ScopeOptions,
    view: ViewOptions,
    file: PlanFile = None,
    allow_many: Annotated[
        bool, typer.Option("--allow-many", help="Let many rows of a table be deleted.")
    ] = False,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Write the pending changes: all of them, or nothing when the database has moved on."""
    from civgen.cli.output import confirm, emit, note
    from civgen.cli.state import state
    from civgen.db.apply import apply_plan, refuse_many

    database = _database()
    pending = given_plan(file, scope.scope, database)
    suggest(*([repeated(without=("--dry-run",))] if dry_run and pending.changes else []))
    show_plan(pending, view, applied=None)
    if not dry_run and pending.changes:
        if not allow_many:
            refuse_many(pending)
        if not yes:
            confirm(f"Write this to {database.place}?")
        done = apply_plan(database, state().catalog, pending, allow_many=allow_many)
        document = {"applied": done and done.as_json(), **pending.as_json()}
        suggest(command("search", "sync"), command("status"))
        emit(document, lambda: note(f"Written to {database.place}."))
    if not dry_run:
        refuse_blocked(pending)


@app.command()
@answers(TakenBack, DATABASE, _WRITING, workspace=True)
@spread
def rollback(
    view: ViewOptions,
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="[PLAN_ID]", help="A plan of `db history`; else the latest.", show_default=False
        ),
    ] = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Take an applied plan back, unless its rows have changed since."""
    from civgen.cli.output import confirm, emit, note
    from civgen.db.undo import undo, undo_plan

    database = _database()
    with database.reading() as connection:
        past, pending = undo_plan(connection, number)
    suggest(*([repeated(without=("--dry-run",))] if dry_run else []))
    show_plan(pending, view, undoes=past.id, applied=None)
    if dry_run:
        return
    if not yes:
        confirm(f"Take plan {past.id} back in {database.place}?")
    done = undo(database, past, pending)
    document = {"undoes": past.id, "applied": done and done.as_json(), **pending.as_json()}
    suggest(command("db", "plan"))
    emit(document, lambda: note(f"Plan {past.id} is taken back in {database.place}."))


@app.command("import")
@answers(Copied, DATABASE, _WRITING, workspace=True)
@spread
def import_(
    view: ViewOptions,
    from_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The database to copy from; it is only read. Its password may come "
            "from CIVGEN_DATABASE_PASSWORD_SOURCE.",
        ),
    ] = None,
    from_env: Annotated[
        str | None, typer.Option(metavar="NAME", help="Copy from the database of this environment instead.")
    ] = None,
    model: Annotated[
        list[int], typer.Option(metavar="ID", help="A model with all of its versions; may be repeated.")
    ] = [],  # noqa: B006 - Typer's own way, and nobody changes it
    version: Annotated[
        list[int], typer.Option(metavar="ID", help="A version with its model; may be repeated.")
    ] = [],  # noqa: B006
    yes: YesOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Copy what generation needs of some models from another environment's database."""
    from civgen.cli.output import confirm, emit, note
    from civgen.db.apply import write_plan
    from civgen.db.importing import import_plan, rows_to_copy

    source = _source(from_url, from_env)
    _refuse_nothing(model, version)
    rows = rows_to_copy(source, model, version)
    database = _database()
    with database.reading() as connection:
        pending = import_plan(connection, rows)
    beside = {"source": source.place}
    if not pending.changes:
        emit(
            {**beside, "applied": None, **pending.as_json()}, lambda: note(f"{database.place} has all of it.")
        )
        return
    suggest(*([repeated(without=("--dry-run",))] if dry_run else []))
    show_plan(pending, view, **beside, applied=None)
    if dry_run:
        return
    if not yes:
        confirm(f"Copy this from {source.place} to {database.place}?")
    done = write_plan(database, pending, lambda now: import_plan(now, rows))
    document = {**beside, "applied": done and done.as_json(), **pending.as_json()}
    suggest(command("search", "sync"))
    emit(document, lambda: note(f"Written to {database.place}."))


@app.command()
@answers(History, DATABASE, workspace=True)
def history() -> None:
    """List the plans that were applied, the latest first."""
    from civgen.cli.output import emit, table
    from civgen.db.ledger import history as past_plans

    with _database().reading() as connection:
        found = [entry.as_json() for entry in past_plans(connection)]
    columns = ("plan", "at (UTC)", "create", "update", "delete", "undoes", "undone by")
    rows = [
        (
            one["id"],
            one["at"][:19].replace("T", " "),
            *(one["counts"].get(a) for a in columns[2:5]),
            one["undoes"],
            one["undone_by"],
        )
        for one in found
    ]
    spare = ("undoes", "undone by", "delete", "update")
    emit({"plans": found}, lambda: table(columns, rows, spare=spare))


@app.command()
@answers(Statements, DATABASE, {8: "the plan is out of date"}, workspace=True)
@spread
def sql(
    scope: ScopeOptions,
    file: PlanFile = None,
    rows_only: Annotated[
        bool, typer.Option("--rows-only", help="Without civgen's record, by which it knows its own rows.")
    ] = False,
) -> None:
    """Print the statements that `apply` would run, for those who run them by hand."""
    from civgen.cli.output import emit
    from civgen.db.apply import timestamp
    from civgen.db.sql import statements_of

    database = _database()
    pending = given_plan(file, scope.scope, database)
    with database.reading() as connection:
        statements = list(statements_of(connection, pending, timestamp(), rows_only=rows_only))
        dialect = connection.dialect.name
    document = {"dialect": dialect, "fingerprint": pending.fingerprint, "statements": statements}
    emit(document, lambda: typer.echo("\n".join(statements) or "-- Nothing to change."))


@app.command()
@answers(DatabaseStatus, DATABASE, workspace=True)
def status() -> None:
    """Show what the database has, what of it may generate, and what is pending."""
    from civgen.cli.output import emit, table
    from civgen.cli.state import state
    from civgen.db.status import status_of

    found = status_of(_database(), state().catalog)
    todo = {("db", "plan"): found.pending, ("search", "sync"): found.waiting}
    suggest(*(command(*words) for words, count in todo.items() if count))
    rows = [
        ("tables are", "the platform's own" if found.adopted else "civgen's own"),
        *((name, "not counted" if count is None else count) for name, count in found.rows.items()),
        ("may generate", "not counted" if found.covered is None else found.covered),
        ("pending changes", found.pending),
        ("waiting for the search index", found.waiting),
    ]
    emit(found.as_json(), lambda: table(("", "rows"), rows, title=found.database))


def _database() -> Database:
    from civgen.cli.state import state
    from civgen.db.connect import open_database

    return open_database(state().environment, state().workspace.required)


def _source(url: str | None, name: str | None) -> Database:
    """The database to copy from."""
    from civgen.cli.state import state
    from civgen.db.connect import existing_database
    from civgen.errors import InvalidInput, NotFound
    from civgen.settings import Environment

    workspace = state().workspace
    if (url is None) == (name is None):
        raise InvalidInput("Give --from-url or --from-env.", hint="For instance --from-env prod.")
    environment = Environment(name="source", database=url) if url else workspace.environment(name)
    found = existing_database(environment, workspace.required)
    if found is None:
        raise NotFound("There is no database to copy from.", hint="Check --from-url or --from-env.")
    return found


def _refuse_nothing(model: list[int], version: list[int]) -> None:
    from civgen.errors import InvalidInput

    if not model and not version:
        raise InvalidInput(
            "Give the models to copy.", hint="With --model ID or --version ID; each may be repeated."
        )
