"""What the commands that add something have in common: options, and how their answer is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.following import here, repeated, suggest
from civgen.cli.output import emit, note, table
from civgen.cli.state import state
from civgen.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show files as a diff, and write nothing.")]
#: What is done to a file, as it was and as it would be.
_DONE = {"create": ("wrote", "write"), "update": ("changed", "change"), "delete": ("removed", "remove")}
_SIGNS = {"create": "+", "update": "~", "delete": "-"}


@dataclass
class VersionOptions:
    """What may be said of what a version is part of, besides what must be."""

    model_id: Annotated[
        int | None, typer.Option(metavar="N", help="Number of the model that the version belongs to.")
    ] = None
    label: Annotated[str | None, typer.Option(metavar="TEXT", help="Label of the version.")] = None
    family: Annotated[
        str | None, typer.Option(metavar="KEY", help="Who makes it; see `civgen list families`.")
    ] = None
    air: Annotated[
        str | None, typer.Option(metavar="SEGMENT", help="Ecosystem segment of its AIRs, by default the key.")
    ] = None
    parent: Annotated[
        str | None, typer.Option(metavar="KEY", help="Ecosystem that a new one descends from.")
    ] = None
    description: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the ecosystem is, in a line.")
    ] = None
    coverage: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="What makes it generatable: ecosystem-checkpoint, external or covered-checkpoint.",
        ),
    ] = None
    engine_option: Annotated[
        list[str],
        typer.Option(metavar="NAME=VALUE", help="What the version says to the engine; may be repeated."),
    ] = field(default_factory=list)

    def given(self) -> dict[str, Any]:
        """As answers."""
        said = asdict(self)
        options = pairs(said.pop("engine_option"), "--engine-option", read_json=True)
        return said | {"engine_options": options}


@dataclass
class BaseModelOptions(VersionOptions):
    """What may be said of a base model, and of its ecosystem and version, besides what must be."""

    id: Annotated[
        int | None, typer.Option(metavar="N", help="Id of the base model, by default the next free one.")
    ] = None
    ecosystem_id: Annotated[
        int | None, typer.Option(metavar="N", help="Id of the ecosystem, by default the next free one.")
    ] = None


@dataclass
class EcosystemOptions(VersionOptions):
    """What may be said of an ecosystem, and of its base model and version, besides what must be."""

    media: Annotated[str | None, typer.Option(metavar="image|video", help="What it makes.")] = None
    engine: Annotated[
        str | None, typer.Option(metavar="KEY", help="The engine; for images text-to-image.")
    ] = None
    workflow: Annotated[
        list[str],
        typer.Option("--workflow", "-w", metavar="KEY", help="Workflow key; may be repeated."),
    ] = field(default_factory=list)
    id: Annotated[
        int | None, typer.Option(metavar="N", help="Id of the ecosystem, by default the next free one.")
    ] = None
    base_model_id: Annotated[
        int | None, typer.Option(metavar="N", help="Id of the base model, by default the next free one.")
    ] = None
    distinct: Annotated[
        bool, typer.Option("--distinct", help="A name that is almost another's is meant.")
    ] = False

    def given(self) -> dict[str, Any]:
        """As answers."""
        said = VersionOptions.given(self)
        return said | {"workflows": said.pop("workflow"), "distinct": self.distinct or None}


def show_outcome(outcome: Outcome) -> None:
    """Give the answer: files, rows, and what comes next."""
    for text in outcome.notes:
        note(text)
    suggest(*_after(outcome))
    emit({name: value for name, value in outcome.as_json().items() if name != "next"}, lambda: _draw(outcome))


def _after(outcome: Outcome) -> list[str]:
    """What comes next: after a dry run the command itself, unless stdin was read, which is used up."""
    if not (outcome.dry_run and outcome.changes):
        return [here(line) for line in outcome.next]
    return [] if "-" in state().words else [repeated(without=("--dry-run",))]


def pairs(words: Iterable[str], option: str, *, read_json: bool = False) -> dict[str, Any]:
    """`NAME=VALUE` options as a mapping.

    Args:
        read_json: whether a value that is JSON counts as such, so that `true` is no text.

    Raises:
        InvalidInput: with every word that is none.
    """
    given = list(words)
    problems = [
        Problem(option, "must be NAME=VALUE", given=one) for one in given if not one.partition("=")[2]
    ]
    if problems:
        raise InvalidInput(f"{option} must be NAME=VALUE.", details=problems)
    split = (one.partition("=") for one in given)
    return {name: _value(value) if read_json else value for name, _, value in split}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _draw(outcome: Outcome) -> None:
    if outcome.dry_run:
        typer.echo(outcome.diff, nl=False)
    for path in outcome.unchanged:
        typer.echo(f"unchanged  {path}")
    if not outcome.changes:
        typer.echo("Nothing to do: everything is there already.")
    elif outcome.dry_run:
        would = (f"{_DONE[one.action][1]} {one.path}" for one in outcome.changes)
        typer.echo(f"Nothing was done; without --dry-run it would {', '.join(would)}.")
    else:
        for change in outcome.changes:
            typer.echo(f"{_DONE[change.action][0]:<10} {change.path}")
    if outcome.rows:
        typer.echo()
        table(("", "table", "key", "values"), map(_row, outcome.rows), title="Rows that the plan has for it:")


def _row(row: Any) -> tuple[str, ...]:
    """A row of the diff: what it is called, and what it says or said."""
    said = row["values"] or row["before"] or {}
    if row["action"] == "update":
        said = {
            name: f"{row['before'].get(name)} → {value}"
            for name, value in row["values"].items()
            if row["before"].get(name) != value
        }
    key, values = (
        ", ".join(f"{name}={value}" for name, value in part.items()) for part in (row["key"], said)
    )
    return _SIGNS[row["action"]], row["table"], key, values
