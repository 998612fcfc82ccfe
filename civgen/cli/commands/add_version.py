"""`civgen add-version`: one more model version, as one table in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.added import pairs
from civgen.cli.adding import EXITS, AddOptions, asks, carry_out
from civgen.cli.answers import answers
from civgen.cli.options import spread
from civgen.results.added import Addition

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

app = typer.Typer(add_completion=False)
_KIND = "civgen.scaffold.answers:VersionAnswers"


@app.command()
@answers(Addition, *EXITS, workspace=True)
@asks(_KIND)
@spread
def add_version(
    how: AddOptions,
    ecosystem: Annotated[
        str | None, typer.Argument(help="Its ecosystem, by key, name or base model.", show_default=False)
    ] = None,
    version_id: Annotated[
        int | None, typer.Option("--id", metavar="N", help="Number of the model version.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What people call it, for instance v2.")
    ] = None,
    model_id: Annotated[
        int | None, typer.Option(metavar="N", help="Number of the model that it belongs to.")
    ] = None,
    base_model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its base model, by default the ecosystem's first.")
    ] = None,
    workflow: Annotated[
        list[str] | None,
        typer.Option("--workflow", "-w", metavar="KEY", help="Workflow key it serves; by default all."),
    ] = None,
    coverage: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="ecosystem-checkpoint, external or covered-checkpoint."),
    ] = None,
    engine_option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="What it says to the engine; may be repeated."),
    ] = None,
    default: Annotated[
        bool, typer.Option("--default", help="Let requests start with it from now on.")
    ] = False,
) -> None:
    """Add a version to an ecosystem; a built-in one gets a file with just that laid over it.

    The same command again changes nothing.
    """
    given = {
        "ecosystem": ecosystem,
        "id": version_id,
        "label": label,
        "model_id": model_id,
        "base_model": base_model,
        "workflows": workflow,
        "coverage": coverage,
        "default": default or None,
        "engine_options": pairs(engine_option or (), "--engine-option", read_json=True),
    }
    carry_out(given, how, _make, "id", command="add-version", kind=_KIND)


def _make(root: Path, said: dict[str, Any], dry_run: bool) -> Outcome:
    from civgen.scaffold.answers import VersionAnswers, answers_of
    from civgen.scaffold.version import add_version as added

    answers = answers_of(VersionAnswers, said).model_dump(exclude={"ecosystem", "id"})
    version = {**answers, "checkpoint": said["id"]}
    return added(root, said["ecosystem"], version, dry_run=dry_run)
