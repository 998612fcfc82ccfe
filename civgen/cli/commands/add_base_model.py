"""`civgen add-base-model`: a base model, its ecosystem and its first version, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.added import BaseModelOptions
from civgen.cli.adding import EXITS, AddOptions, asks, carry_out
from civgen.cli.answers import answers
from civgen.cli.options import spread
from civgen.results.added import Addition

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

app = typer.Typer(add_completion=False)
_KIND = "civgen.scaffold.answers:BaseModelAnswers"


@app.command()
@answers(Addition, *EXITS, workspace=True)
@asks(_KIND)
@spread
def add_base_model(
    how: AddOptions,
    options: BaseModelOptions,
    name: Annotated[
        str | None,
        typer.Argument(help="Display name of the base model, for instance Chroma.", show_default=False),
    ] = None,
    ecosystem: Annotated[
        str | None, typer.Option("--ecosystem", "-e", metavar="KEY", help="Its ecosystem, new or known.")
    ] = None,
    checkpoint: Annotated[
        int | None, typer.Option(metavar="VERSION_ID", help="Model version to offer, by number.")
    ] = None,
    license: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its licence; see `civgen list licenses`.")
    ] = None,
    media: Annotated[str | None, typer.Option(metavar="image|video", help="What it makes.")] = None,
    engine: Annotated[
        str | None, typer.Option(metavar="KEY", help="The engine; for images text-to-image.")
    ] = None,
    workflow: Annotated[
        list[str] | None,
        typer.Option("--workflow", "-w", metavar="KEY", help="Workflow key; may be repeated."),
    ] = None,
    ecosystem_name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Display name of a new ecosystem, by default NAME.")
    ] = None,
    distinct: Annotated[
        bool, typer.Option("--distinct", help="A name that is almost another's is meant.")
    ] = False,
    default: Annotated[
        bool, typer.Option("--default", help="Let requests start with this version from now on.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Give a new ecosystem a test of its own, too.")
    ] = False,
) -> None:
    """Add a base model with a model version: to a new ecosystem, or to one that there is.

    An unknown ecosystem gets a file; a known one gets what it lacks. What is written can
    generate at once. The same command again changes nothing.
    """
    given = {
        "name": name,
        "ecosystem": ecosystem,
        "license": license,
        "checkpoint": checkpoint,
        "media": media,
        "engine": engine,
        "workflows": workflow,
        "ecosystem_name": ecosystem_name,
        "distinct": distinct or None,
        "default": default or None,
        "test": test or None,
        **options.given(),
    }
    carry_out(given, how, _make, "name", "ecosystem", "checkpoint", command="add-base-model", kind=_KIND)


def _make(root: Path, said: dict[str, Any], dry_run: bool) -> Outcome:
    from civgen.scaffold.answers import BaseModelAnswers, answers_of
    from civgen.scaffold.base_model import add_base_model as added

    return added(root, answers_of(BaseModelAnswers, said), dry_run=dry_run)
