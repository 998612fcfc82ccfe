"""A plan on the command line: what it is about, how it is shown, and what it is a gate for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.again import command
from civgen.cli.following import suggest

if TYPE_CHECKING:
    from civgen.db.connect import Database
    from civgen.db.plan import Plan
    from civgen.db.scope import Scope


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


def lead_on(pending: Plan, scope: ScopeOptions, out: Path | None = None) -> None:
    """Say how a plan is applied that has something in it, and which one deletes what is left over."""
    words = [str(out)] if out else scope.words
    applied = [command("db", "apply", *words)] if pending.changes else []
    pruned = [command("db", "plan", "--prune", *scope.words)] if pending.leftover else []
    suggest(*applied, *pruned)


def pending_plan(database: Database, scope: Scope) -> Plan:
    """The plan of what is wanted now."""
    from civgen.cli.state import state
    from civgen.db.planning import make_plan

    with database.reading() as connection:
        return make_plan(connection, state().catalog, scope)


def given_plan(file: Path | None, scope: Scope, database: Database) -> Plan:
    """The plan of a file while it is true, or the one that is pending.

    Raises:
        InvalidInput: a file was given, and what it is about besides.
        Refused: what it saw has moved.
    """
    from civgen.db.apply import refuse_if_moved
    from civgen.db.planfile import read_plan
    from civgen.db.scope import Scope
    from civgen.errors import InvalidInput

    if file is None:
        return pending_plan(database, scope)
    if scope != Scope():
        raise InvalidInput(
            "--prune, --auction and --delete cannot be given beside a plan file, which has its own.",
            hint="Give them to `civgen db plan --out FILE`.",
        )
    given = read_plan(file)
    pending = pending_plan(database, given.scope)
    refuse_if_moved(given, pending)
    return pending


def show_plan(plan: Plan, view: ViewOptions, **beside: object) -> None:
    """Give a plan as it is asked for.

    Args:
        beside: more of the document.
    """
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


def refuse_pending(plan: Plan) -> None:
    """The gate: nothing may be pending.

    Raises:
        AnswerIsNo: something is.
    """
    from civgen.errors import AnswerIsNo

    if number := len(plan.changes) + len(plan.blocked):
        message = f"The database is not up to date: pending changes: {number}."
        raise AnswerIsNo(message, hint="Write them with `civgen db apply`.")


def refuse_blocked(plan: Plan) -> None:
    """Say which rows only a person can write.

    Raises:
        PartlyDone: there are such rows.
    """
    from civgen.errors import PartlyDone, Problem

    if plan.blocked:
        problems = [Problem(row.table, row.why, given=dict(row.key)) for row in plan.blocked]
        raise PartlyDone(
            f"Rows that cannot be written: {len(problems)}. {problems[0].field}: {problems[0].message}.",
            hint="Have them written by hand, or give those columns a default.",
            details=problems,
        )
