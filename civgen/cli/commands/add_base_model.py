"""`civgen add-base-model`: a base model, its ecosystem and its first version, as one file."""

from __future__ import annotations

from typing import Annotated

import typer

from civgen.cli.added import BaseModelOptions, DryRun, show_outcome
from civgen.cli.answers import answers
from civgen.cli.options import spread
from civgen.cli.state import state
from civgen.results.added import Addition

app = typer.Typer(add_completion=False)


@app.command()
@answers(Addition)
@spread
def add_base_model(
    name: Annotated[str, typer.Argument(help="Display name of the base model, for instance Chroma.")],
    ecosystem: Annotated[
        str, typer.Option("--ecosystem", "-e", metavar="KEY", help="Its ecosystem, new or known.")
    ],
    checkpoint: Annotated[int, typer.Option(metavar="VERSION_ID", help="Model version to offer, by number.")],
    license: Annotated[str, typer.Option(metavar="NAME", help="Its licence; see `civgen list licenses`.")],
    options: BaseModelOptions,
    media: Annotated[str | None, typer.Option(metavar="image|video", help="What it makes.")] = None,
    engine: Annotated[
        str | None, typer.Option(metavar="KEY", help="The engine; for images text-to-image.")
    ] = None,
    workflow: Annotated[
        list[str] | None,
        typer.Option("--workflow", "-w", metavar="KEY", help="Workflow key; may be repeated."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Add a base model with a model version: to a new ecosystem, or to one that there is.

    An unknown ecosystem gets a file and a test; a known one gets what it lacks. What is written can
    generate at once. The same command again changes nothing.
    """
    from civgen.scaffold.answers import BaseModelAnswers, answers_of
    from civgen.scaffold.base_model import add_base_model as added

    given = {
        "name": name,
        "ecosystem": ecosystem,
        "license": license,
        "checkpoint": checkpoint,
        "media": media,
        "engine": engine,
        "workflows": workflow,
        **options.given(),
    }
    answers = answers_of(BaseModelAnswers, given)
    show_outcome(added(state().workspace.required, answers, dry_run=dry_run))
