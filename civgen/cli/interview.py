"""Questions to a person at a terminal, until what is asked for can be added."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from civgen.cli.output import note
from civgen.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from civgen.catalog import Catalog
    from civgen.scaffold.answers import Answers
    from civgen.scaffold.outcome import Outcome
    from civgen.scaffold.questions import Question

_MEANT = re.compile(r"Did you mean (.+?)\?")


def interview(
    kind: type[Answers], said: dict[str, Any], catalog: Catalog, make: Callable[[dict[str, Any]], Outcome]
) -> Outcome:
    """Ask for what is missing; then for what was refused, as often as it takes."""
    from civgen.scaffold.questions import questions

    while question := next(questions(kind, said, catalog), None):
        said = _with(said, kind, question)
    while True:
        try:
            return make(said)
        except InvalidInput as error:
            again = [one for one in error.details if _answer(kind, one)]
            if not again or len(again) < len(error.details):
                raise
            for problem in again:
                said = _asked_again(said, kind, catalog, problem)


def _asked_again(
    said: dict[str, Any], kind: type[Answers], catalog: Catalog, problem: Problem
) -> dict[str, Any]:
    from civgen.scaffold.likeness import likeness
    from civgen.scaffold.questions import question

    name = _answer(kind, problem)
    note(f"{problem.field} {problem.message}.")
    if problem.hint:
        note(f"  {problem.hint}")
    asked = question(kind, name, {key: value for key, value in said.items() if key != name}, catalog)
    meant = _MEANT.search(problem.hint or "")
    if meant and likeness(str(problem.given), [meant[1]]):
        asked = replace(asked, default=(meant[1], "the same but for the spelling"))
    elif asked.default and asked.default[0] == str(said.get(name)):
        asked = replace(asked, default=None)
    return _with({key: value for key, value in said.items() if key != name}, kind, asked)


def _with(said: dict[str, Any], kind: type[Answers], question: Question) -> dict[str, Any]:
    """The answers with one more."""
    import typer

    from civgen.scaffold.questions import NONE

    why = f"  ({question.why})" if question.why else ""
    if question.default:
        why += f"  [{question.default[0]}: {question.default[1]}]"
    if why:
        note(why)
    given = typer.prompt(
        question.text, default=question.default and question.default[0], err=True, show_default=False
    )
    text = str(given).strip()
    return said | {question.answer: None if text == NONE else _typed(kind, question.answer, text)}


def _typed(kind: type[Answers], name: str, text: str) -> Any:
    """What was typed, as the answer's type wants it; what does not fit is refused later, by name."""
    wanted = str(kind.model_fields[name].annotation)
    if "int" in wanted and "str" not in wanted and text.isdecimal():
        return int(text)
    if wanted.startswith("list"):
        return [part.strip() for part in text.split(",")]
    if wanted.startswith("dict"):
        key, _, value = text.partition("=")
        try:
            return {key: json.loads(value)}
        except json.JSONDecodeError:
            return {key: value}
    return text in ("yes", "y", "true") if wanted.startswith("<class 'bool") else text


def _answer(kind: type[Answers], problem: Problem) -> str:
    """The answer that a problem is about; empty where it is about none."""
    from civgen.scaffold.answers import flag

    for name in kind.model_fields:
        if problem.field in (flag(name), name.upper() if name == kind.argument else None):
            return name
    return ""
