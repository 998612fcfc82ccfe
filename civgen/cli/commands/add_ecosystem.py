"""`civgen add-ecosystem`: a family of weights whose resources fit each other, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.added import EcosystemOptions
from civgen.cli.adding import EXITS, AddOptions, asks, carry_out
from civgen.cli.answers import answers
from civgen.cli.options import spread
from civgen.results.added import Addition

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

app = typer.Typer(add_completion=False)
_KIND = "civgen.scaffold.answers:EcosystemAnswers"


@app.command()
@answers(Addition, *EXITS, workspace=True)
@asks(_KIND)
@spread
def add_ecosystem(
    how: AddOptions,
    options: EcosystemOptions,
    key: Annotated[
        str | None, typer.Argument(help="Its key, for instance Chroma.", show_default=False)
    ] = None,
    license: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Licence of its base model; see `civgen list licenses`."),
    ] = None,
    checkpoint: Annotated[
        int | None, typer.Option(metavar="VERSION_ID", help="Model version to offer, by number.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="Display name, by default KEY.")] = None,
    base_model: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Display name of its base model, by default --name.")
    ] = None,
    shares_loras_with: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="Ecosystem whose LoRAs work on every model of it, and the other way round, if there is one.",
        ),
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="Give it a test of its own, too.")] = False,
) -> None:
    """Add an ecosystem, with --parent as a child, and its first base model and version.

    It needs one of its own unless a LoRA of an existing one works on every model of it, and the other
    way round; then it is a base model of that: `civgen add-base-model`.
    """
    given = {
        "key": key,
        "license": license,
        "checkpoint": checkpoint,
        "name": name,
        "base_model": base_model,
        "shares_loras_with": shares_loras_with,
        "test": test or None,
        **options.given(),
    }
    carry_out(given, how, _make, "key", command="add-ecosystem", kind=_KIND)


def _make(root: Path, said: dict[str, Any], dry_run: bool) -> Outcome:
    from civgen.scaffold.answers import EcosystemAnswers, answers_of
    from civgen.scaffold.new_ecosystem import add_ecosystem as added

    return added(root, answers_of(EcosystemAnswers, said), dry_run=dry_run)
