"""`civgen add-version`: one more model version, as one table in one file."""

from __future__ import annotations

from typing import Annotated

import typer

from civgen.cli.added import DryRun, pairs, show_outcome
from civgen.cli.answers import answers
from civgen.cli.state import state
from civgen.results.added import Addition

app = typer.Typer(add_completion=False)


@app.command()
@answers(Addition)
def add_version(
    ecosystem: Annotated[str, typer.Argument(help="Its ecosystem, by key, name or base model.")],
    version_id: Annotated[int, typer.Option("--id", metavar="N", help="Number of the model version.")],
    label: Annotated[str, typer.Option(metavar="TEXT", help="What people call it, for instance v2.")],
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
    dry_run: DryRun = False,
) -> None:
    """Add a version to an ecosystem; a built-in one gets a file with just that laid over it.

    The same command again changes nothing.
    """
    from civgen.scaffold.version import add_version as added

    given = {
        "checkpoint": version_id,
        "label": label,
        "model_id": model_id,
        "base_model": base_model,
        "workflows": workflow,
        "coverage": coverage,
        "engine_options": pairs(engine_option or (), "--engine-option", read_json=True),
    }
    show_outcome(added(state().workspace.required, ecosystem, given, dry_run=dry_run))
