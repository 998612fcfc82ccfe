"""From something added to its price: each step shown, the first "no" ends it with the command to continue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from civgen.cli.again import command
from civgen.cli.following import suggest
from civgen.cli.output import confirm, console, emit, note
from civgen.cli.state import state
from civgen.errors import AnswerIsNo, CivgenError, InvalidInput, Problem

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome


def go_on(outcome: Outcome, *, yes: bool) -> None:
    """Lint, plan the rows, apply them with consent, sync the index, and ask for the price.

    Args:
        yes: consent to write the rows; nothing is ever submitted.

    Raises:
        CivgenError: of the step that said no; its hint is the command that goes on from there.
    """
    from civgen.jobs.lacking import as_options

    done: dict[str, Any] = {}
    added = state().document if isinstance(state().document, dict) else {}
    vars(state()).pop("catalog", None)  # what was added is in it only from now on

    def tell(step: str, result: Any) -> None:
        done[step] = result
        emit({**added, "applied": done}, lambda: None)

    with _hinting("lint"):
        tell("lint", _linted())
    if outcome.request is None:
        return
    with _hinting("db", "apply"):
        tell("rows", _applied(yes=yes))
    with _hinting("search", "sync", "--pending"):
        tell("index", _synced())
    words = as_options(outcome.request)
    with _hinting("submit", "--dry-run", *words):
        tell("price", _priced(outcome.request))
    suggest(command("submit", *words))


@contextmanager
def _hinting(*words: str) -> Iterator[None]:
    """Let an error say which command goes on from here."""
    try:
        yield
    except CivgenError as error:
        further = f"Go on with: {command(*words)}"
        error.hint = f"{error.hint} {further}" if error.hint else further
        raise


def _linted() -> dict[str, Any]:
    from civgen.lint.runner import Options, lint

    report = lint(state().workspace, Options(keep=True))
    failed = [one for one in report.findings if one.severity == "error"]
    _say(f"lint: {report.tally}")
    if failed:
        problems = [Problem(one.code, one.message, hint=one.right, where=one.where) for one in failed]
        raise AnswerIsNo(f"Not everything agrees: {report.tally}.", details=problems, where=failed[0].where)
    return {"findings": len(report.findings)}


def _applied(*, yes: bool) -> dict[str, Any]:
    from civgen.db.apply import apply_plan, refuse_many
    from civgen.db.connect import open_database
    from civgen.db.planning import make_plan
    from civgen.db.render_table import plan_view
    from civgen.db.scope import Scope

    database = open_database(state().environment, state().workspace.required)
    with database.reading() as connection:
        plan = make_plan(connection, state().catalog, Scope())
    if not plan.changes:
        _say(f"rows: {database.place} says all of it already")
        return {"changes": 0, "plan": None}
    if not state().json:
        console().print(plan_view(plan, everything=False))
    refuse_many(plan)
    if not yes:
        confirm(f"Write this to {database.place}?")
    applied = apply_plan(database, state().catalog, plan)
    _say(f"rows: {len(plan.changes)} written to {database.place}")
    return {"changes": len(plan.changes), "plan": applied.id if applied else None}


def _synced() -> dict[str, Any]:
    from civgen.cli.commands.search import opened
    from civgen.search.pending import sync_models

    with opened() as (database, backend):
        done = sync_models(database, state().catalog, backend, pending=True)
        _say(f"index: {done.written} documents written to {backend.place}, {done.removed} removed")
    return dict(done.as_json())


def _priced(request: Mapping[str, Any]) -> dict[str, Any]:
    from civgen.cli.batches import new_preparer
    from civgen.cli.quotes import show_quote
    from civgen.forms.form import Mode
    from civgen.jobs.preview import middle_seed
    from civgen.jobs.submit import quote
    from civgen.sandbox.connect import connect

    ready = new_preparer(None, [], [], Mode.STRICT, draw_seed=middle_seed)

    async def asked() -> Any:
        preview = await ready.preview({"request": dict(request)})
        async with connect(state().environment, state().workspace) as client:
            return await quote(preview, client, ready.platform, state().environment)

    price = asyncio.run(asked())
    if not state().json:
        show_quote(price)
    return dict(price.as_json())


def _say(text: str) -> None:
    if not state().json:
        note(text)


def refuse_apply(*, dry_run: bool, undo: bool) -> None:
    """Refuse to go on with what is not there.

    Raises:
        InvalidInput: --apply was given beside --dry-run or --undo.
    """
    if dry_run or undo:
        other = "--dry-run" if dry_run else "--undo"
        raise InvalidInput(f"--apply goes on with what was added, and {other} adds nothing.")
