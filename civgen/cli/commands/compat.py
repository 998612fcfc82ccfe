"""`civgen compat`: does a resource fit a checkpoint?"""

from __future__ import annotations

from typing import Annotated

import typer

from civgen.cli.answers import answers
from civgen.cli.output import console, emit
from civgen.cli.state import state
from civgen.errors import AnswerIsNo
from civgen.results.catalog import Compatibility

app = typer.Typer()


@app.command()
@answers(Compatibility, {7: "with --check: it does not fit"})
def compat(
    checkpoint: Annotated[str, typer.Argument(help="Ecosystem, base model or version id of the checkpoint.")],
    addon: Annotated[str, typer.Argument(help="The same of what is to be used with it.")],
    model_type: Annotated[str, typer.Option("--type", help="Model type of the add-on.")] = "LORA",
    check: Annotated[bool, typer.Option("--check", help="Exit with 7 when it does not fit.")] = False,
) -> None:
    """Say whether an add-on fits a checkpoint: full, partial or none, and why."""
    from civgen.catalog.names import ecosystem_named, model_type_named

    catalog = state().catalog
    here, there = ecosystem_named(catalog, checkpoint), ecosystem_named(catalog, addon)
    kind = model_type_named(model_type)
    verdict = catalog.compatibility(here.key, there.key, kind)
    answer = {
        "checkpoint": here.key,
        "addon": there.key,
        "type": kind,
        "support": verdict.level,
        "why": verdict.why,
    }
    emit(answer, lambda: console().print(f"{verdict.level}: {verdict.why}"))
    if check and verdict.level == "none":
        raise AnswerIsNo(f"{kind} of {there.key} does not fit {here.key}.")
