"""`civgen db`: the rows that make the catalogue generatable."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.again import command
from civgen.cli.answers import CONSENT, DATABASE, answers
from civgen.cli.following import repeated, suggest
from civgen.cli.options import spread
from civgen.results.db import AppliedPlan, Copied, DatabaseStatus, History, Statements, TakenBack
from civgen.results.db import Plan as PlanShown

if TYPE_CHECKING:
    from civgen.db.connect import Database
    from civgen.db.plan import Plan
    from civgen.db.scope import Scope

app = typer.Typer(name="db", help="The rows that make the catalogue generatable.", no_args_is_help=True)


_PENDING = {7: "something is pending: `check` always says so, `plan` with --check"}
_WRITING = CONSENT | {
    8: "nobody consented, the plan is out of date, or many rows would go; nothing was written"
}


class Format(StrEnum):
    """How a plan is shown."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


@dataclass
class ScopeOptions:
    """What a plan is about beside the rows that are always wanted."""

    prune: Annotated[
        bool, typer.Option("--prune", help="Delete rows that civgen created and nothing asks for any more.")
    ] = False
    auction: Annotated[
        list[str],
        typer.Option(metavar="ECOSYSTEM", help="Also want its row of AuctionBase; may be repeated."),
    ] = field(default_factory=list)
    delete: Annotated[
        list[str],
        typer.Option(metavar="TABLE:KEY", help="Delete this row, whoever wrote it; may be repeated."),
    ] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """As the plan takes it."""
        from civgen.db.scope import Scope

        return Scope(self.prune, tuple(self.auction), tuple(self.delete))

    @property
    def words(self) -> list[str]:
        """As they are typed."""
        named = [("--auction", one) for one in self.auction] + [("--delete", one) for one in self.delete]
        return [*(["--prune"] if self.prune else []), *(word for pair in named for word in pair)]


@dataclass
class ViewOptions:
    """How a plan is shown."""

    format: Annotated[Format, typer.Option("--format", help="How the plan is shown.")] = Format.TABLE
    all: Annotated[bool, typer.Option("--all", help="Show every row, also where there are many.")] = False


PlanFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PLANFILE]", help="A plan of `db plan --out`; else one is made.", show_default=False
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and stop.")]


@app.command()
@answers(PlanShown, DATABASE, _PENDING)
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

    pending = _pending(_database(), scope.scope)
    _lead_on(pending, scope, out)
    _show(pending, view)
    if out:
        write_plan(pending, out)
        note(f"Written to {out}.")
    if check:
        _refuse_pending(pending)


@app.command("check")
@answers(PlanShown, DATABASE, _PENDING)
@spread
def check_(scope: ScopeOptions, view: ViewOptions) -> None:
    """Exit with 7 when the database does not say what the catalogue says."""
    pending = _pending(_database(), scope.scope)
    _lead_on(pending, scope)
    _show(pending, view)
    _refuse_pending(pending)


@app.command()
@answers(AppliedPlan, DATABASE, _WRITING, {9: "some rows cannot be written by anybody but a person"})
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
    pending = _given(file, scope.scope, database)
    suggest(*([repeated(without=("--dry-run",))] if dry_run and pending.changes else []))
    _show(pending, view, applied=None)
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
        _refuse_blocked(pending)


@app.command()
@answers(TakenBack, DATABASE, _WRITING)
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
    _show(pending, view, undoes=past.id, applied=None)
    if dry_run:
        return
    if not yes:
        confirm(f"Take plan {past.id} back in {database.place}?")
    done = undo(database, past, pending)
    document = {"undoes": past.id, "applied": done and done.as_json(), **pending.as_json()}
    suggest(command("db", "plan"))
    emit(document, lambda: note(f"Plan {past.id} is taken back in {database.place}."))


@app.command("import")
@answers(Copied, DATABASE, _WRITING)
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
    _show(pending, view, **beside, applied=None)
    if dry_run:
        return
    if not yes:
        confirm(f"Copy this from {source.place} to {database.place}?")
    done = write_plan(database, pending, lambda now: import_plan(now, rows))
    document = {**beside, "applied": done and done.as_json(), **pending.as_json()}
    suggest(command("search", "sync"))
    emit(document, lambda: note(f"Written to {database.place}."))


@app.command()
@answers(History, DATABASE)
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
    emit({"plans": found}, lambda: table(columns, rows))


@app.command()
@answers(Statements, DATABASE, {8: "the plan is out of date"})
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
    pending = _given(file, scope.scope, database)
    with database.reading() as connection:
        statements = list(statements_of(connection, pending, timestamp(), rows_only=rows_only))
        dialect = connection.dialect.name
    document = {"dialect": dialect, "fingerprint": pending.fingerprint, "statements": statements}
    emit(document, lambda: typer.echo("\n".join(statements) or "-- Nothing to change."))


@app.command()
@answers(DatabaseStatus, DATABASE)
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


def _lead_on(pending: Plan, scope: ScopeOptions, out: Path | None = None) -> None:
    """Say how a plan is applied that has something in it."""
    words = [str(out)] if out else scope.words
    suggest(*([command("db", "apply", *words)] if pending.changes else []))


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


def _pending(database: Database, scope: Scope) -> Plan:
    from civgen.cli.state import state
    from civgen.db.planning import make_plan

    with database.reading() as connection:
        return make_plan(connection, state().catalog, scope)


def _given(file: Path | None, scope: Scope, database: Database) -> Plan:
    """The plan of a file while it is true, or the one that is pending."""
    from civgen.db.apply import refuse_if_moved
    from civgen.db.planfile import read_plan
    from civgen.db.scope import Scope
    from civgen.errors import InvalidInput

    if file is None:
        return _pending(database, scope)
    if scope != Scope():
        raise InvalidInput(
            "--prune, --auction and --delete cannot be given beside a plan file, which has its own.",
            hint="Give them to `civgen db plan --out FILE`.",
        )
    given = read_plan(file)
    pending = _pending(database, given.scope)
    refuse_if_moved(given, pending)
    return pending


def _show(plan: Plan, view: ViewOptions, **beside: object) -> None:
    from civgen.cli.output import console, emit
    from civgen.db.render_table import plan_view
    from civgen.db.render_text import as_html, as_markdown

    document = {**beside, **plan.as_json()}
    if view.format is Format.TABLE:
        emit(document, lambda: console().print(plan_view(plan, everything=view.all)))
    elif view.format is Format.JSON:
        emit(document)
    else:
        as_text = as_html if view.format is Format.HTML else as_markdown
        emit(document, lambda: typer.echo(as_text(plan)))


def _refuse_pending(plan: Plan) -> None:
    from civgen.errors import AnswerIsNo

    if number := len(plan.changes) + len(plan.blocked):
        message = f"The database is not up to date: pending changes: {number}."
        raise AnswerIsNo(message, hint="Write them with `civgen db apply`.")


def _refuse_blocked(plan: Plan) -> None:
    from civgen.errors import PartlyDone, Problem

    if plan.blocked:
        problems = [Problem(row.table, row.why, given=dict(row.key)) for row in plan.blocked]
        raise PartlyDone(
            f"Rows that cannot be written: {len(problems)}. {problems[0].field}: {problems[0].message}.",
            hint="Have them written by hand, or give those columns a default.",
            details=problems,
        )
