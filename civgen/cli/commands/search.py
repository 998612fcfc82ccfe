"""`civgen search`: the models index, planned and synced like rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import CONSENT, INDEX, answers
from civgen.cli.following import here, suggest
from civgen.cli.output import card, confirm, console, emit, note, table
from civgen.cli.state import state
from civgen.errors import counted
from civgen.results.search import Explained, Found, IndexStatus, SettingsShown
from civgen.results.search import SearchPlan as SearchPlanShown
from civgen.results.search import Synced as SyncedShown

if TYPE_CHECKING:
    from civgen.db.connect import Database
    from civgen.search.backends import Backend
    from civgen.search.plan import SearchPlan
    from civgen.search.sending import Synced

app = typer.Typer(no_args_is_help=True, help="The models index: what it lacks, and bringing it up to date.")

_DIFFERS = {7: "with --check: something differs"}
_REJECTED = {7: "the index rejected something; the next sync finds it again"}
_GUARDED = {8: "many documents would go, and nobody allowed it"}
CheckOption = Annotated[bool, typer.Option("--check", help="Exit with 7 when something differs.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
#: Rows of a plan that a terminal is shown; `--json` has them all.
_SHOWN = 40


@app.command()
@answers(SearchPlanShown, INDEX, _DIFFERS, workspace=True)
def plan(check: CheckOption = False) -> None:
    """Show which documents are missing, stale or orphaned, and which settings differ."""
    from civgen.errors import AnswerIsNo

    with opened() as (database, backend):
        found = _plan(database, backend)
    suggest(*([] if found.is_empty else [command("search", "sync")]))
    emit(found.as_json(), lambda: _show(found))
    if check and not found.is_empty:
        raise AnswerIsNo(
            "The index is not up to date.", hint="Bring it up to date with `civgen search sync`."
        )


@app.command()
@answers(SyncedShown, INDEX, _REJECTED, _GUARDED, workspace=True)
def sync(
    model: Annotated[
        list[int] | None, typer.Option(metavar="MODEL_ID", help="Only this model; may be repeated.")
    ] = None,
    pending: Annotated[
        bool, typer.Option("--pending", help="Only models whose rows civgen changed since the last sync.")
    ] = False,
    allow_many: Annotated[
        bool,
        typer.Option("--allow-many", help="Let many documents go whose models the database does not have."),
    ] = False,
) -> None:
    """Write what is missing or stale, remove what is orphaned, and wait until the server has done it."""
    from civgen.search.pending import sync_models

    with opened() as (database, backend), _progress("documents") as tell:
        done = sync_models(
            database,
            state().catalog,
            backend,
            ids=model or None,
            pending=pending,
            allow_many=allow_many,
            progress=tell,
        )
    suggest(command("status"))
    emit(done.as_json(), lambda: _say(done, backend))


@app.command()
@answers(SyncedShown, INDEX, _REJECTED, CONSENT, workspace=True)
def rebuild(yes: YesOption = False) -> None:
    """Fill a new index beside the old one, and put it in its place."""
    from civgen.search.pending import rebuild_all

    with opened() as (database, backend):
        if not yes and _is_worth_a_question(backend):
            confirm(f"Make {backend.place} anew?")
        with _progress("documents") as tell:
            done = rebuild_all(database, state().catalog, backend, tell)
    suggest(command("status"))
    emit(done.as_json(), lambda: _say(done, backend))


@app.command()
@answers(SettingsShown, INDEX, _DIFFERS, CONSENT, workspace=True)
def settings(
    apply: Annotated[bool, typer.Option("--apply", help="Set what differs.")] = False,
    check: CheckOption = False,
    yes: YesOption = False,
) -> None:
    """Show which settings of the index differ, and whether setting them makes the server reindex."""
    from civgen.errors import AnswerIsNo
    from civgen.search.settings import differences

    with opened() as (_, backend):
        differing = differences(backend.index, backend.settings() or {})
        rows = [one.as_json() for one in differing]
        suggest(*([command("search", "settings", "--apply")] if rows and not apply else []))
        emit({"settings": rows, "applied": False}, lambda: _show_settings(rows))
        if apply and differing:
            reindex = (
                ", and the server goes through all documents" if any(row["reindex"] for row in rows) else ""
            )
            if not yes:
                confirm(f"Set {len(rows)} settings of {backend.place}{reindex}?")
            backend.wait([backend.write_settings({one.name: one.wanted for one in differing})])
            emit({"settings": rows, "applied": True}, lambda: note(f"Set in {backend.place}."))
        elif check and differing:
            hint = "Set them with `civgen search settings --apply`."
            raise AnswerIsNo(f"{len(rows)} settings differ.", hint=hint)


@app.command()
@answers(IndexStatus, INDEX, workspace=True)
def status() -> None:
    """Show where the index is, how many documents it has, and how many changes it waits for."""
    from civgen.db.outbox import waiting

    with opened() as (database, backend), database.reading() as connection:
        there = backend.settings()
        said = {
            "index": backend.place,
            "exists": there is not None,
            "documents": backend.count(),
            "pending": waiting(connection),
            "settings": "as wanted" if there is not None and not _differing(backend) else "differ",
        }
    suggest(*([command("search", "sync")] if said["pending"] or not said["exists"] else []))
    emit(said, lambda: card(said))


@app.command()
@answers(Found, INDEX, workspace=True)
def query(
    words: Annotated[str, typer.Argument(help="Words to look for.", show_default=False)] = "",
    filter_: Annotated[
        str | None, typer.Option("--filter", help="Condition, such as: type = LORA AND canGenerate = true.")
    ] = None,
    sort: Annotated[
        list[str] | None, typer.Option(metavar="FIELD:asc|desc", help="Order; may be repeated.")
    ] = None,
    facet: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="Count the values of it; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, max=1000, help="Documents a page.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="Documents to leave out at the beginning.")] = 0,
) -> None:
    """Look for models in the index."""
    from civgen.search.backends import Query
    from civgen.search.filters import parse

    asked = Query(
        words, parse(filter_) if filter_ else None, tuple(sort or ()), offset, limit, tuple(facet or ())
    )
    with opened() as (_, backend):
        found = backend.search(asked)
    emit({"total": found.total, "hits": found.hits, "facets": found.facets}, lambda: _show_found(found))


# Models that stand in for unknown ones have numbers below zero, which are no options.
@app.command(context_settings={"ignore_unknown_options": True})
@answers(Explained, INDEX, workspace=True)
def explain(model_id: Annotated[int, typer.Argument(help="Number of a model.", show_default=False)]) -> None:
    """Say whether a model belongs into the index and why, and what its document lacks."""
    from civgen.search.explain import explain_model

    with opened() as (database, backend):
        found = explain_model(database, state().catalog, backend, model_id)
    if found["do"]:
        found["do"] = here(found["do"])
        suggest(found["do"])
    emit(found, lambda: card(found))


@contextmanager
def opened() -> Iterator[tuple[Database, Backend]]:
    """The environment's database and its index."""
    from civgen.db.connect import open_database
    from civgen.search.backends import open_backend
    from civgen.search.settings import models_index

    root = state().workspace.required
    backend = open_backend(state().environment, root, models_index())
    try:
        yield open_database(state().environment, root), backend
    finally:
        backend.close()


def _is_worth_a_question(backend: Backend) -> bool:
    """Whether an index would be replaced that somebody may miss."""
    from civgen.search.backends import Damaged

    try:
        return bool(backend.count())
    except Damaged:
        return True


def _plan(database: Database, backend: Backend) -> SearchPlan:
    from civgen.search.plan import plan_search

    with database.reading() as connection:
        return plan_search(connection, state().catalog, backend)


def _differing(backend: Backend) -> bool:
    from civgen.search.settings import differences

    return bool(differences(backend.index, backend.settings() or {}))


@contextmanager
def _progress(what: str) -> Iterator[Callable[[Synced], None]]:
    """Talk about how far it is, in a terminal only."""
    out = console(stderr=True)
    if not out.is_terminal or state().json:
        yield lambda _: None
        return
    with out.status(f"0 {what}") as shown:
        yield lambda done: shown.update(f"{done.written + done.removed} {what}")


def _say(done: Synced, backend: Backend) -> None:
    note(
        f"{backend.place}: {done.written} written, {done.removed} removed, in {counted(done.tasks, 'task')}."
    )


def _show(found: SearchPlan) -> None:
    shown = [(one.state, one.id, one.name, one.why) for one in found.documents[:_SHOWN]]
    if shown:
        table(("", "model", "name", "why"), shown, title=found.place)
    if len(found.documents) > _SHOWN:
        note(f"… and {len(found.documents) - _SHOWN} more; --json has them all.")
    if found.settings is None:
        note(f"There is no index {found.place} yet.")
    elif found.settings:
        _show_settings([one.as_json() for one in found.settings])
    counts = ", ".join(f"{count} {name}" for name, count in found.counts.items())
    console().print(counts)


def _show_settings(rows: list[dict[str, Any]]) -> None:
    if not rows:
        note("All settings are as wanted.")
        return
    drawn = [(row["name"], row["now"], row["wanted"], "yes" if row["reindex"] else "no") for row in rows]
    table(("setting", "now", "wanted", "reindex"), drawn)


def _show_found(found: Any) -> None:
    rows = [
        (hit.get("id"), hit.get("name"), hit.get("type"), "yes" if hit.get("canGenerate") else "no")
        for hit in found.hits
    ]
    title, spare = f"{found.total} found", ("generates", "type")
    table(("model", "name", "type", "generates"), rows, title=title, spare=spare)
    for name, counts in found.facets.items():
        table((name, "models"), counts.items())
