"""`civgen add-engine`: an engine made from the orchestrator's contract, as one module."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from civgen.cli.added import BaseModelOptions, DryRun, pairs, show_outcome
from civgen.cli.answers import answers
from civgen.cli.options import spread
from civgen.cli.state import state
from civgen.errors import InvalidInput, Problem
from civgen.results.added import Addition

app = typer.Typer(add_completion=False)


@app.command()
@answers(Addition)
@spread
def add_engine(
    key: Annotated[str, typer.Argument(help="How ecosystems will name the engine, for instance sora.")],
    options: BaseModelOptions,
    media: Annotated[
        str | None,
        typer.Option(metavar="image|video", help="What it makes, by default what the contract says."),
    ] = None,
    step: Annotated[
        str | None, typer.Option(metavar="TYPE", help="Step type: imageGen or videoGen, by the media.")
    ] = None,
    wire: Annotated[
        str | None,
        typer.Option(
            "--wire", "--engine", metavar="ENGINE", help="What the contract calls it, by default KEY."
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Which of the contract's inputs, for instance model=pro; may be repeated. By default all"
            " operations of one model.",
        ),
    ] = None,
    workflow: Annotated[
        list[str] | None,
        typer.Option(
            "--workflow",
            "-w",
            metavar="KEY",
            help="Workflow key; may be repeated. By default all that its operations carry out.",
        ),
    ] = None,
    ecosystem: Annotated[
        str | None,
        typer.Option("--ecosystem", "-e", metavar="KEY", help="Ecosystem that uses it, new or known."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Display name of its base model, by default the ecosystem's key."),
    ] = None,
    license: Annotated[str | None, typer.Option(metavar="NAME", help="Licence of the base model.")] = None,
    version_id: Annotated[
        int | None,
        typer.Option(
            "--version-id", "--checkpoint", metavar="VERSION_ID", help="Model version to offer, by number."
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Add an engine: its form and payload are read off the orchestrator's contract.

    One engine carries out every operation of a model, each under its workflow
    key. With --ecosystem, that ecosystem uses it at once. The same command again
    changes nothing. Labels, narrower ranges and the price are yours to decide.
    """
    from civgen.scaffold.answers import BaseModelAnswers, EngineAnswers, answers_of
    from civgen.scaffold.engine import add_engine as added

    said = options.given()
    engine = {
        "key": key,
        "media": media,
        "step": step,
        "wire": wire,
        "choices": pairs(set_ or (), "--set"),
        "workflows": workflow,
        "engine_options": said["engine_options"],
    }
    used = {"ecosystem": ecosystem, "name": name or ecosystem, "license": license, "checkpoint": version_id}
    if ecosystem is None:
        _refuse_without_ecosystem(used | said)
    answers = answers_of(EngineAnswers, engine)
    base_model = answers_of(BaseModelAnswers, used | said) if ecosystem else None
    show_outcome(added(state().workspace.required, answers, base_model, dry_run=dry_run))


def _refuse_without_ecosystem(given: dict[str, Any]) -> None:
    """Refuse what is said of an ecosystem that nobody named."""
    said = [
        f"--{name.replace('_', '-')}" for name, value in given.items() if value and name != "engine_options"
    ]
    if said:
        hint = "Add --ecosystem KEY, or leave them out."
        problems = [Problem(one, "is about an ecosystem, and none is named", hint=hint) for one in said]
        raise InvalidInput(f"{', '.join(said)}: for which ecosystem?", hint=hint, details=problems)
