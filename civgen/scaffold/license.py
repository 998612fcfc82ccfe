"""Add a licence: one file, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from civgen.catalog import Catalog
from civgen.errors import Problem
from civgen.lint.readable import file_stem
from civgen.scaffold.answers import LicenseAnswers
from civgen.scaffold.changes import new_files
from civgen.scaffold.conflicts import refusal
from civgen.scaffold.ecosystem import FIRST_ID
from civgen.scaffold.likeness import likeness
from civgen.scaffold.outcome import Outcome, row_changes
from civgen.scaffold.render import render
from civgen.scaffold.scene import scene_of
from civgen.scaffold.tomltext import pairs

#: Letters that the name of a file may have.
_LONGEST = 100


def add_license(root: Path, answers: LicenseAnswers, *, dry_run: bool = False) -> Outcome:
    """Add a licence to a workspace.

    Raises:
        InvalidInput: there is one of that name or address already.
        Refused: a file is in the way.
    """
    with scene_of(root) as scene:
        catalog = scene.catalog
        if problems := list(_taken(answers, catalog)):
            raise refusal(problems)
        said = {"stem": file_stem(answers.name).lower(), "license": pairs(_said(answers, catalog)).rstrip()}
        known = dict(catalog.licenses).get(answers.name)
        if known is not None and not known.files[-1].path.is_relative_to(root):
            return Outcome(unchanged=(f"built-in licenses/{known.files[-1].path.name}",), dry_run=dry_run)
        changes, there = new_files(root, render("license", said))
        rows = row_changes(scene, changes)
        more = ("civgen lint", "civgen guide add-base-model")
        outcome = Outcome(tuple(changes), tuple(there), tuple(rows), more)
    subject = {"command": "add-license", "name": answers.name}
    return outcome.carried_out(root, subject, dry_run=dry_run)


def _said(answers: LicenseAnswers, catalog: Catalog) -> dict[str, Any]:
    known = dict(catalog.licenses).get(answers.name)
    numbers = [one.id for one in catalog.licenses.records]
    own = known.record.id if known else max(FIRST_ID, *(number + 1 for number in numbers))
    said = {"id": answers.id or own, **answers.model_dump(exclude={"id", "distinct"})}
    return {name: value for name, value in said.items() if value not in (None, False)}


def _taken(answers: LicenseAnswers, catalog: Catalog) -> Iterator[Problem]:
    if not 0 < len(file_stem(answers.name)) <= _LONGEST:
        message = f"must have letters or digits to call a file after, and at most {_LONGEST}"
        yield Problem("NAME", message, answers.name)
    for key, entry in catalog.licenses.items():
        record = entry.record
        if key == answers.name:
            yield from _differences(answers, entry)
            continue
        if record.id == answers.id:
            yield Problem("--id", f"is the id of {key}", answers.id, where=entry.where("id"))
        if answers.distinct:
            continue
        if likeness(answers.name, [key]):
            hint = f"Nothing is to be added if {key!r} is meant; if not, pass --distinct."
            yield Problem("NAME", f"is almost {key}", answers.name, hint=hint, where=entry.where("name"))
        elif record.url and answers.url and _bare(record.url) == _bare(answers.url):
            hint = f"Nothing is to be added if {key!r} is meant; if not, pass --distinct."
            yield Problem(
                "--url", f"is the address of {key}", answers.url, hint=hint, where=entry.where("url")
            )


def _differences(answers: LicenseAnswers, entry: Any) -> Iterator[Problem]:
    """What a licence of this very name says otherwise."""
    for name in answers.model_fields_set - {"name", "distinct"}:
        given, there = getattr(answers, name), getattr(entry.record, name)
        if given not in (None, there):
            message = f"differs from what {entry.record.name} says, {there!r}"
            flag = f"--{name.replace('_', '-')}"
            yield Problem(flag, message, given, hint="Change it there by hand.", where=entry.where(name))


def _bare(url: str) -> str:
    return url.lower().partition("://")[2].removeprefix("www.").rstrip("/")
