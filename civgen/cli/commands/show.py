"""`civgen show`: all that is known of one name."""

from __future__ import annotations

from typing import Annotated

import typer

from civgen.cli.output import card, emit
from civgen.cli.state import state

app = typer.Typer()


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Ecosystem, base model, engine, licence, sampler, …")],
) -> None:
    """Show all that is known of a name, whatever it is the name of."""
    found = state().api.show(name)
    emit(found[0] if len(found) == 1 else found, lambda: card(*found))
