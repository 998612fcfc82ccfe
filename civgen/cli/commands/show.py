"""`civgen show`: all that is known of one name."""

from __future__ import annotations

from typing import Annotated

import typer

from civgen.cli.again import command
from civgen.cli.answers import answers
from civgen.cli.following import suggest
from civgen.cli.output import card, emit
from civgen.cli.state import state
from civgen.results.catalog import Named

app = typer.Typer()


@app.command()
@answers(Named)
def show(
    name: Annotated[str, typer.Argument(help="Ecosystem, base model, engine, licence, sampler, …")],
) -> None:
    """Show all that is known of a name, whatever it is the name of."""
    found = state().api.show(name)
    forms = [one["key"] for one in found if one["kind"] == "ecosystem" and one["generates"]]
    suggest(*(command("form", "show", "-e", key) for key in forms[:1]))
    emit(found[0] if len(found) == 1 else found, lambda: card(*found))
