"""`civgen grade`: how far an ecosystem has come, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.answers import INDEX, answers
from civgen.cli.following import suggest
from civgen.cli.output import console, emit, table
from civgen.cli.state import state
from civgen.errors import AnswerIsNo, InvalidInput
from civgen.results.lint import Grade as GradeShown

if TYPE_CHECKING:
    from civgen.lint.grade import Grade

app = typer.Typer()


class Level(StrEnum):
    """Grades, the lowest first."""

    bronze = "bronze"
    silver = "silver"
    gold = "gold"


@app.command()
@answers(list[GradeShown], INDEX, {7: "with --at-least: one has a lower grade"})
def grade(
    ecosystem: Annotated[list[str] | None, typer.Argument(help="Ecosystem keys.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Every ecosystem that generates.")] = False,
    at_least: Annotated[Level | None, typer.Option(help="Exit with 7 when one has a lower grade.")] = None,
) -> None:
    """Grade ecosystems bronze, silver or gold, and say what each lacks and which command mends it."""
    from civgen.lint.grade import Subject
    from civgen.lint.grade import grade as graded
    from civgen.lint.house import House
    from civgen.lint.live import covered_in, indexed_in
    from civgen.lint.runner import Options, lint
    from civgen.lint.sources import Sources

    if every == bool(ecosystem):
        raise InvalidInput("Name ecosystems, or pass --all.", hint="For instance: `civgen grade SDXL`")
    keys = ecosystem or [one.key for one in state().catalog.all_ecosystems() if one.engine]
    keys = [state().catalog.ecosystem(key).key for key in keys]
    house = House(Sources(state().workspace))
    findings = lint(state().workspace, Options(keep=True)).findings
    covered = covered_in(state().workspace, state().environment)
    indexed = indexed_in(state().workspace, state().environment)
    grades = []
    for key in keys:
        about = [one for one in findings if f"ecosystem {key}" in one.subject.split(", ")]
        grades.append(graded(Subject(key, house, about, covered, indexed)))
    suggest(*[lack.mend for one in grades for said in one.judgements for lack in said.lacks][:1])
    emit([one.as_json() for one in grades], lambda: _show(grades))
    low = [one.ecosystem for one in grades if at_least and not one.reaches(at_least.value)]
    if low:
        raise AnswerIsNo(
            f"Not {at_least}: {', '.join(low)}.", hint=f"`civgen grade {low[0]}` says what it lacks."
        )


def _show(grades: Sequence[Grade]) -> None:
    if len(grades) > 1:
        rows = [(one.ecosystem, one.level, *_missing(one)) for one in grades]
        columns = ("ecosystem", "grade", "bronze", "silver", "gold")
        table(columns, rows, spare=("bronze", "silver"))
        return
    (only,) = grades
    console().print(f"{only.ecosystem}: {only.level}")
    drawn: list[tuple[str | None, ...]] = []
    for one in only.judgements:
        drawn += [(one.level, one.criterion, "no", lack.what, lack.mend) for lack in one.lacks]
        drawn += [(one.level, one.criterion, "yes", None, None)] if one.holds else []
    table(("grade", "criterion", "holds", "lacks", "mend"), drawn)


def _missing(one: Grade) -> list[str | None]:
    """What is missing for each grade, in names of criteria."""
    from civgen.lint.grade import LEVELS

    return [
        ", ".join(said.criterion for said in one.judgements if said.level == level and not said.holds) or None
        for level in LEVELS
    ]
