"""`civgen status`: everything at one glance."""

from __future__ import annotations

from typing import Any

import typer

from civgen.cli.answers import INDEX, answers
from civgen.cli.commands.search import CheckOption, opened
from civgen.cli.following import here, suggest
from civgen.cli.output import emit, table
from civgen.cli.state import state
from civgen.errors import AnswerIsNo
from civgen.results.search import WholeStatus

app = typer.Typer()


@app.command()
@answers(WholeStatus, INDEX, {7: "with --check: something is to be done"}, workspace=True)
def status(check: CheckOption = False) -> None:
    """Show what is planned but not applied, applied but not indexed, indexed but not generatable."""
    from civgen.search.whole import whole_status

    with opened() as (database, backend):
        whole = whole_status(state().catalog, database, backend)
    steps = [{**one.as_json(), "do": one.do and here(one.do)} for one in whole.steps]
    contract = state().platform().contract
    about = {"version": contract.version, "date": contract.date, "sha256": contract.sha256[:12]}
    said = {"environment": state().environment.name, "steps": steps, "contract": about}
    suggest(*(one["do"] for one in steps if one["do"]))
    emit(said, lambda: _show(said))
    if whole.troubles:
        raise whole.troubles[0]
    open_steps = [one for one in steps if one["open"]]
    if check and open_steps:
        names = ", ".join(one["name"] for one in open_steps)
        raise AnswerIsNo(f"Not up to date: {names}.", hint=f"Next: `{open_steps[0]['do']}`.")


def _show(said: dict[str, Any]) -> None:
    contract = said["contract"]
    rows = [(one["name"], one["says"], one["do"]) for one in said["steps"]]
    rows.append(("contract", f"{contract['version']} of {contract['date']}", None))
    table(("", "says", "next"), rows, title=f"environment {said['environment']}")
