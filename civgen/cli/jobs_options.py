"""Options that the commands of `civgen jobs` share, and what they say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.output import confirm
from civgen.cli.state import state

if TYPE_CHECKING:
    from civgen.jobs.listing import Filter

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Jobs; - reads them from stdin, one a line.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Consent without being asked.")]
MaxLevel = Annotated[
    str | None,
    typer.Option(
        metavar="LEVEL", help="Highest level of results to show: pg, pg13, r, x, xxx; by default any."
    ),
]


@dataclass
class FilterOptions:
    """Which jobs are meant."""

    ecosystem: Annotated[str | None, typer.Option("--ecosystem", "-e", help="Only of this ecosystem.")] = None
    workflow: Annotated[str | None, typer.Option("--workflow", "-w", help="Only with this workflow key.")] = (
        None
    )
    tag: Annotated[list[str], typer.Option(help="Only with this tag; may be repeated.")] = field(
        default_factory=list
    )
    status: Annotated[
        list[str],
        typer.Option(help="Only with this status, or running, or ended; may be repeated."),
    ] = field(default_factory=list)
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Made since: 2026-03-01, or 24h, 7d ago.")
    ] = None
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="Made until.")] = None
    text: Annotated[str | None, typer.Option(help="With this in the metadata, for instance the prompt.")] = (
        None
    )

    def filter(self) -> Filter:
        """What they say, with every problem at once."""
        from civgen.jobs.listing import Filter, read_moment, read_status
        from civgen.orchestrator.workflows import Question

        catalog = state().catalog
        key = catalog.ecosystem(self.ecosystem).key if self.ecosystem else None
        question = Question(
            tags=[tag for tag in (key, self.workflow, *self.tag) if tag],
            text=self.text,
            since=read_moment(self.since, "since") if self.since else None,
            until=read_moment(self.until, "until") if self.until else None,
        )
        return Filter(question, read_status(self.status))


def consent(question: str, *, yes: bool) -> None:
    """Ask, unless --yes has answered."""
    if not yes:
        confirm(question)


def counted(ids: Sequence[str]) -> str:
    """The jobs in words.

    >>> counted(["a"]), counted(["a", "b"])
    ('the job a', '2 jobs')
    """
    return f"the job {ids[0]}" if len(ids) == 1 else f"{len(ids)} jobs"


def ids_of(words: Sequence[str]) -> list[str]:
    """The jobs named, each once."""
    from civgen.errors import InvalidInput

    given = [word for word in words if word != "-"]
    if "-" in words:
        given += sys.stdin.read().split()
    if not given:
        raise InvalidInput("No job was named.", hint="`civgen jobs list` shows them.")
    return list(dict.fromkeys(given))


def level_of_option(text: str | None) -> str | None:
    """The level that --max-level names."""
    from civgen.jobs.levels import read_level

    return read_level(text) if text else None
