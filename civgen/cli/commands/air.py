"""`civgen air`: what an AIR says, or the AIR of a model version."""

from __future__ import annotations

from typing import Annotated

import typer

from civgen.cli.answers import DATABASE, answers
from civgen.cli.output import card, emit
from civgen.cli.state import state
from civgen.errors import InvalidInput
from civgen.results.catalog import Air

app = typer.Typer()


@app.command()
@answers(Air, DATABASE)
def air(
    urn: Annotated[str | None, typer.Argument(help="An AIR, in full or short.", show_default=False)] = None,
    version_id: Annotated[
        int | None, typer.Option(help="Build the AIR of this model version instead.")
    ] = None,
) -> None:
    """Explain an AIR part by part, or build one for a model version of the catalogue or the database."""
    from civgen.jobs.airs import air_of_version, explain_air

    if (urn is None) == (version_id is None):
        raise InvalidInput(
            "Give an AIR, or --version-id.", hint="For instance: `civgen air --version-id 128078`"
        )
    text = urn if version_id is None else air_of_version(version_id, state().platform())
    explained = explain_air(text or "", state().catalog)
    emit(explained, lambda: card(explained))
