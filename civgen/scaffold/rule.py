"""Add a lint rule to a checkout of civgen: a module whose documentation is its test."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from civgen.catalog.records import BaseModelRecord, Ecosystem, Version
from civgen.errors import InvalidInput, Problem, did_you_mean
from civgen.scaffold.answers import RuleAnswers
from civgen.scaffold.changes import new_files
from civgen.scaffold.conflicts import refusal
from civgen.scaffold.likeness import likeness
from civgen.scaffold.outcome import Outcome
from civgen.scaffold.render import render
from civgen.scaffold.tomltext import pairs
from civgen.scaffold.writing import recover

#: Where the rules of a checkout lie, and how wide the lines of their documentation may be.
RULES, _WIDTH = "civgen/lint/rules", 106
_SAID = re.compile(r'^    code, name\b.* = "(?P<code>CIV\d{3})", "(?P<name>[a-z0-9-]+)"', re.MULTILINE)
#: What a rule can look at: its record, and where an ecosystem's file has it.
_RECORDS: Mapping[str, tuple[type[BaseModel], str]] = {
    "ecosystem": (Ecosystem, ""),
    "base-model": (BaseModelRecord, "base_models"),
    "version": (Version, "versions"),
}
_ECOSYSTEM = {"key": "Marble", "id": 12000, "name": "Marble", "description": "Cut from one piece."}
#: A child generates as its parent does, so that what is said of its base model and version counts.
_PARENT = {"parent": "SDXL"}
_TABLES: Mapping[str, dict[str, Any]] = {
    "base_models": {"id": 14000, "name": "Marble 1", "media": "image", "license": "Apache 2.0"},
    "versions": {"id": 90000001, "label": "v1", "model_id": 80000001, "default": True},
}


def checkout(start: Path) -> Path:
    """The checkout of civgen that a folder lies in.

    Raises:
        InvalidInput: it lies in none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / RULES / "__init__.py").is_file():
            return folder
    hint = "Rules are civgen's own: name a checkout of its repository with --into DIR."
    raise InvalidInput(f"{start} lies in no checkout of civgen, so no rule can be added.", hint=hint)


def add_lint_rule(root: Path, answers: RuleAnswers, *, dry_run: bool = False) -> Outcome:
    """Add a rule that a record says a field; what else it should look at is for a person to write.

    Args:
        root: a checkout of civgen.

    Raises:
        InvalidInput: the name or code is taken, or there is no such field.
        Refused: a file is in the way, such as a rule that was edited since.
    """
    recover(root)
    known = _rules(root)
    if problems := list(_refused(answers, known)):
        raise refusal(problems)
    changes, there = new_files(root, render("lint-rule", _words(answers, known)))
    module = answers.name.replace("-", "_")
    code = _code(answers, known)
    more = (f"civgen lint --select {code}", f"civgen lint --explain {code}")
    notes = (
        f"It finds where {answers.field} is not said; what else it should look at, write into {module}.py.",
        f"Its examples are run by python -m pytest tests/lint/test_lint_rules.py -k {code}",
    )
    outcome = Outcome(tuple(changes), tuple(there), next=more, notes=notes)
    return outcome.carried_out(root, {"command": "add-lint-rule", "name": answers.name}, dry_run=dry_run)


def _rules(root: Path) -> dict[str, str]:
    """The names of a checkout's rules by code, as their modules say them."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((root / RULES).glob("*.py")))
    return {found["code"]: found["name"] for text in texts if (found := _SAID.search(text))}


def _code(answers: RuleAnswers, known: Mapping[str, str]) -> str:
    if answers.code:
        return answers.code
    mine = next((code for code, name in known.items() if name == answers.name), None)
    free = (f"CIV{answers.group}{number:02}" for number in range(1, 100))
    return mine or next(code for code in free if code not in known)


def _refused(answers: RuleAnswers, known: Mapping[str, str]) -> Iterator[Problem]:
    for code, name in known.items():
        if name == answers.name and code == (answers.code or code):
            continue
        if name == answers.name or likeness(answers.name, [name]):
            hint = f"`civgen lint --explain {code}` says what it holds."
            yield Problem("NAME", f"is almost that of {code} {name}", answers.name, hint=hint)
        if code == answers.code:
            yield Problem(
                "--code", f"is that of the rule {name}", code, hint="Leave it out for the next free one."
            )
    kind = _RECORDS[answers.on][0]
    if answers.field not in kind.model_fields:
        meant = did_you_mean(answers.field, kind.model_fields)
        yield Problem(
            "--field", f"is none of the {answers.on}'s", answers.field, list(kind.model_fields), meant
        )
    elif kind.model_fields[answers.field].is_required():
        yield Problem("--field", "is required already, so nothing can lack it", answers.field)
    else:
        yield from _unfit_example(answers, kind)


def _unfit_example(answers: RuleAnswers, kind: type[BaseModel]) -> Iterator[Problem]:
    table = _RECORDS[answers.on][1]
    said = {**(_TABLES[table] if table else _ECOSYSTEM), answers.field: answers.example}
    try:
        kind.model_validate(said)
    except ValidationError as error:
        message = f"is no value of {answers.field}: {error.errors()[0]['msg']}"
        yield Problem("--example", message, answers.example, hint="Give one as JSON, for instance '[\"a\"]'.")


def _words(answers: RuleAnswers, known: Mapping[str, str]) -> dict[str, Any]:
    """What the template asks."""
    what = {"ecosystem": "ecosystem", "base-model": "base model", "version": "version"}[answers.on]
    article = "An" if what[0] in "aeiou" else "A"
    summary = answers.summary or f"{article} {what} says its {answers.field.replace('_', ' ')}."
    why = textwrap.wrap(f"Why: {_quoted(answers.why)}", _WIDTH)
    bad, good = _example(answers, {}), _example(answers, {answers.field: answers.example})
    return {
        "module": answers.name.replace("-", "_"),
        "class_name": "".join(part.capitalize() for part in answers.name.split("-")),
        "code": _code(answers, known),
        "name": answers.name,
        "severity": answers.severity,
        "raw": "r" if any("\\" in line for line in (summary, *why, *bad, *good)) else "",
        "summary": _quoted(summary),
        "why": why,
        "bad": bad,
        "good": good,
        "table": _RECORDS[answers.on][1],
        "field": answers.field,
    }


def _example(answers: RuleAnswers, said: Mapping[str, Any]) -> list[str]:
    """An ecosystem's file that says the field, or does not."""
    table = _RECORDS[answers.on][1]
    whole = {**_ECOSYSTEM, **(_PARENT if table else said)}
    # Whatever else a rule may be about, a version without a base model is none.
    tables = dict(_TABLES) if table == "versions" else {name: _TABLES[name] for name in (table,) if name}
    lines = ["# ecosystems/Marble.toml"]
    lines += pairs(
        {name: value for name, value in whole.items() if table or said or name != answers.field}
    ).splitlines()
    for name, entry in tables.items():
        shown = {**entry, **(said if name == table else {})}
        kept = {key: value for key, value in shown.items() if name != table or said or key != answers.field}
        lines += [f"[[{name}]]", *pairs(kept).splitlines()]
    return [_quoted(line) for line in lines]


def _quoted(text: str) -> str:
    """Text as it may stand in a docstring, a raw one where it has backslashes."""
    return text.replace('"""', "'''")
