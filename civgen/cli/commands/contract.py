"""`civgen contract`: the schema of every orchestrator step input."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from civgen.orchestrator.contract.refresh import PullReport

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The schema of every orchestrator step input."""


@app.command()
def pull(
    openapi: Annotated[
        str, typer.Option(help="The orchestrator's OpenAPI document.", metavar="FILE|URL", show_default=False)
    ],
    out: Annotated[Path | None, typer.Option(help="Folder of the contract; civgen's own by default.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 7 when files would change.")
    ] = False,
    date: Annotated[
        datetime | None, typer.Option(help="The day the document is from.", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """Make the contract from an OpenAPI document, and say what changed."""
    from civgen.cli.output import emit
    from civgen.errors import AnswerIsNo
    from civgen.orchestrator.contract.refresh import pull_from

    report = pull_from(openapi, out, check=check, date=date.date().isoformat() if date else None)
    if check and report.differs:
        raise AnswerIsNo(
            f"The contract in {report.folder} is not that of {openapi}: {_changes(report)}.",
            hint="Run the same command without --check.",
            data=report.as_json(),
        )
    emit(report.as_json(), lambda: _render(report))


def _render(report: PullReport) -> None:
    from civgen.cli.output import note

    typer.echo(
        f"{report.leaves} inputs, {report.size / 1000:.0f} kB, from {report.title} {report.version}".rstrip()
    )
    typer.echo(f"{report.folder}: {_changes(report)}")
    for change in report.stale:
        note(f"{change.where}: {change.property} of {change.target} needs no change any more")


def _changes(report: PullReport) -> str:
    counts = {"added": report.added, "changed": report.changed, "removed": report.removed}
    return ", ".join(f"{len(files)} {word}" for word, files in counts.items() if files) or "up to date"
