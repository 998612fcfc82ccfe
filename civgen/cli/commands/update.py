"""`civgen update`: what templates made, brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.answers import answers
from civgen.cli.output import emit, table
from civgen.cli.state import state
from civgen.errors import AnswerIsNo, InvalidInput
from civgen.results.added import Updates

if TYPE_CHECKING:
    from civgen.scaffold.update import Updated

app = typer.Typer(add_completion=False)


@app.command()
@answers(Updates, {7: "a file was edited where its template changed"}, workspace=True)
def update(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Files that are meant; by default all.", show_default=False),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave these files as they are, and count them as up to date.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the changes as a diff, and write nothing.")
    ] = False,
) -> None:
    """Bring files up to date that older templates made; what you changed in them stays.

    Where you changed what the template changed, the file stays as it is, and the exit code is 7.
    """
    from civgen.scaffold.update import update as updated

    if keep and not paths:
        raise InvalidInput(
            "--keep is for files that are named.", hint="For instance: update --keep AGENTS.md"
        )
    root = state().workspace.required
    names = [_in_workspace(path, root) for path in paths or ()]
    files = updated(root, names, keep=keep, dry_run=dry_run)
    answer = {"dry_run": dry_run, "files": [one.as_json() for one in files]}
    emit(answer, lambda: _show(files, dry_run=dry_run))
    if problems := [one.problem(root) for one in files if one.state == "conflict"]:
        named = ", ".join(problem.field for problem in problems)
        message = f"{named}: edited where the template changed; left as it is."
        raise AnswerIsNo(message, hint=problems[0].hint, where=problems[0].where, details=problems)


def _in_workspace(path: Path, root: Path) -> str:
    full = path.resolve()
    return full.relative_to(root.resolve()).as_posix() if full.is_relative_to(root.resolve()) else str(path)


def _show(files: list[Updated], *, dry_run: bool) -> None:
    for one in files:
        if dry_run or one.state == "conflict":
            typer.echo(one.diff, nl=False)
    if files:
        templates = (
            (one.state, one.made.path, one.made.origin and one.made.origin.template) for one in files
        )
        table(("", "file", "template"), templates)
    else:
        typer.echo("Nothing that a template made is recorded here.")
    if dry_run:
        typer.echo("Nothing was written.")
