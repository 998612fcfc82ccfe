"""`civgen add-engine`: an engine made from the orchestrator's contract, as one module."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.added import BaseModelOptions, pairs
from civgen.cli.adding import EXITS, AddOptions, asks, carry_out
from civgen.cli.answers import answers
from civgen.cli.options import spread
from civgen.errors import InvalidInput, Problem
from civgen.results.added import Addition

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

app = typer.Typer(add_completion=False)
_KIND = "civgen.scaffold.answers:UsedEngineAnswers"


@app.command()
@answers(Addition, *EXITS, workspace=True)
@asks(_KIND)
@spread
def add_engine(
    how: AddOptions,
    options: BaseModelOptions,
    key: Annotated[
        str | None,
        typer.Argument(help="How ecosystems will name the engine, for instance sora.", show_default=False),
    ] = None,
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
) -> None:
    """Add an engine: its form and payload are read off the orchestrator's contract.

    One engine carries out every operation of a model, each under its workflow
    key. With --ecosystem, that ecosystem uses it at once. The same command again
    changes nothing. Labels, narrower ranges and the price are yours to decide.
    """
    given = {
        "key": key,
        "media": media,
        "step": step,
        "wire": wire,
        "choices": pairs(set_ or (), "--set"),
        "workflows": workflow,
        "ecosystem": ecosystem,
        "name": name,
        "license": license,
        "checkpoint": version_id,
        **options.given(),
    }
    carry_out(given, how, _make, "key", command="add-engine", kind=_KIND)


def _make(root: Path, said: dict[str, Any], dry_run: bool) -> Outcome:
    from civgen.scaffold.answers import BaseModelAnswers, EngineAnswers, UsedEngineAnswers, answers_of
    from civgen.scaffold.engine import add_engine as added

    engine = {name: value for name, value in said.items() if name in EngineAnswers.model_fields}
    used = {name: value for name, value in said.items() if name not in engine}
    if "ecosystem" not in said:
        answers_of(UsedEngineAnswers, said)
        _refuse_without_ecosystem(used)
        return added(root, answers_of(EngineAnswers, engine), dry_run=dry_run)
    base_model = {"name": said["ecosystem"], "engine_options": said.get("engine_options", {}), **used}
    answers = answers_of(EngineAnswers, engine)
    return added(root, answers, answers_of(BaseModelAnswers, base_model), dry_run=dry_run)


def _refuse_without_ecosystem(given: dict[str, Any]) -> None:
    """Refuse what is said of an ecosystem that nobody named."""
    said = [f"--{name.replace('_', '-')}" for name in given]
    if said:
        hint = "Add --ecosystem KEY, or leave them out."
        problems = [Problem(one, "is about an ecosystem, and none is named", hint=hint) for one in said]
        raise InvalidInput(f"{', '.join(said)}: for which ecosystem?", hint=hint, details=problems)
