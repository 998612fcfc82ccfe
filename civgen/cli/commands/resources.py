"""`civgen resources`: find what may be used in a request."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import INDEX, answers
from civgen.cli.following import repeated, suggest
from civgen.cli.output import emit, note, table
from civgen.cli.state import state
from civgen.results.search import Picks

app = typer.Typer(no_args_is_help=True, help="Resources that a request may name.")


class Sort(StrEnum):
    """Orders that the picker knows."""

    popularity = "popularity"
    newest = "newest"
    relevance = "relevance"


@app.callback()
def resources() -> None:
    """Resources that a request may name."""


@app.command()
@answers(Picks, INDEX, workspace=True)
def find(
    words: Annotated[str, typer.Argument(help="Words to look for.", show_default=False)] = "",
    ecosystem: Annotated[str, typer.Option("--ecosystem", "-e", help="What they are to be used with.")] = ...,  # type: ignore[assignment]
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", help="LORA, VAE, …; may be repeated. By default all add-ons it takes."),
    ] = None,
    sort: Annotated[Sort, typer.Option(help="Order.")] = Sort.popularity,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Versions a page.")] = 20,
    cursor: Annotated[int, typer.Option(min=0, help="Where an earlier page left off.")] = 0,
) -> None:
    """Find what fits an ecosystem and generates: of each model the version that fits best.

    Official ones come first.

    Their ids go straight into `--resource` of preview and submit.
    """
    from civgen.cli.commands.search import opened
    from civgen.search.picker import fitting, resources_for

    types = _types(ecosystem, type_ or [])
    fits = fitting(state().catalog, ecosystem, types)
    with opened() as (database, backend):
        found = resources_for(database, backend, fits, words, sort.value, start=cursor, limit=limit)
        empty = not found.resources and not backend.count()
    rows = [one.as_json() for one in found.resources]
    more = [] if found.next is None else [repeated("--cursor", str(found.next), without=("--cursor",))]
    suggest(
        *(command("preview", "-e", ecosystem, *_naming(row), "-p", "a red fox") for row in rows[:1]), *more
    )
    emit({"resources": rows, "cursor": found.next}, lambda: _show(rows))
    if empty:
        note("The index is empty.")
        suggest(command("status"))


def _types(ecosystem: str, asked: list[str]) -> list[str]:
    """The types to look for.

    Raises:
        InvalidInput: with every type that the ecosystem does not take.
        NotFound: there is no such ecosystem.
    """
    from civgen.errors import InvalidInput, Problem, did_you_mean

    taken: list[str] = list(state().catalog.ecosystem(ecosystem).support.generation)
    problems = [
        Problem(
            "--type",
            f"is not what {ecosystem} takes",
            given=one,
            allowed=taken,
            hint=did_you_mean(one, taken),
        )
        for one in asked
        if one not in taken
    ]
    if problems:
        raise InvalidInput(
            f"{problems[0].given} {problems[0].message}.", hint=problems[0].hint, details=problems
        )
    return asked or [one for one in taken if one != "Checkpoint"] or taken


def _naming(row: dict[str, Any]) -> tuple[str, str]:
    """The option by which a request names a version."""
    return "--model" if row["type"] == "Checkpoint" else "--resource", str(row["id"])


def _show(rows: list[dict[str, Any]]) -> None:
    drawn = [
        (
            row["id"],
            row["name"],
            row["version"],
            row["type"],
            row["baseModel"],
            row["support"],
            "official" if row["official"] else None,
        )
        for row in rows
    ]
    columns = ("id", "model", "version", "type", "base model", "support", "")
    table(columns, drawn, spare=("", "base model", "version", "support"))
