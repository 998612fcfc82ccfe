"""`civgen init`: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civgen.cli.added import DryRun, show_outcome
from civgen.cli.answers import answers
from civgen.results.added import Addition

app = typer.Typer(add_completion=False)


@app.command()
@answers(Addition, {8: "a file of somebody else is in the way"})
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder; made if there is none.")],
    dry_run: DryRun = False,
) -> None:
    """Make a workspace: settings, folders, a first test, CI, and how an agent works here.

    Files that are there already stay as they are.
    """
    from civgen.scaffold.workspace import init_workspace

    show_outcome(init_workspace(folder, dry_run=dry_run))
