"""Take an addition back: every file says again what it said before, and nobody's edit is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from civgen.errors import NotFound, Problem, Refused, Where, display_path
from civgen.scaffold.changes import FileChange, confined, read_text, same
from civgen.scaffold.merging import merge
from civgen.scaffold.outcome import Outcome, row_changes
from civgen.scaffold.records import Made, Record, records
from civgen.scaffold.scene import scene_of
from civgen.scaffold.writing import recover, write


def undo(root: Path, subject: Mapping[str, Any], *, dry_run: bool = False) -> Outcome:
    """Take back the latest addition that was told all of `subject`.

    Args:
        root: the workspace.
        subject: the command as `command`, and some of what it was told; None counts as not said.
        dry_run: find out what would change, and change nothing.

    Raises:
        NotFound: nothing of the kind was added here.
        Refused: a file was edited since, and the edit would be lost.
    """
    recover(root)
    record = _found(root, subject)
    changes = _changes(root, record)
    with scene_of(root) as scene:
        rows = row_changes(scene, changes)
    if not dry_run:
        write(root, changes, replace(record, undone=True))
    notes = [f"Taken back: {record.title}."] if not dry_run else []
    if rows:
        notes.append("Rows that were applied already go with `civgen db apply --prune`.")
    gone = tuple(one.path for one in record.made if one.path not in {change.path for change in changes})
    more = ("civgen lint", "civgen db plan --prune")
    return Outcome(tuple(changes), gone, tuple(rows), more, tuple(notes), dry_run)


def _found(root: Path, subject: Mapping[str, Any]) -> Record:
    wanted = {name: value for name, value in subject.items() if value is not None}
    known = [record for record in records(root) if record.subject["command"] == wanted["command"]]
    for record in reversed(known):
        if wanted.items() <= record.subject.items():
            return record
    said = " ".join(str(value) for name, value in wanted.items() if name != "command")
    title = f"civgen {wanted['command']} {said}".rstrip()
    listing = "; ".join(record.title for record in known[-5:])
    hint = f"Added here: {listing}." if known else "What was added elsewhere is taken back with git."
    raise NotFound(f"Nothing that `{title}` added is recorded here, so nothing was changed.", hint=hint)


def _changes(root: Path, record: Record) -> list[FileChange]:
    """What takes every file back, the other edits kept.

    Raises:
        Refused: with every file where that cannot be.
    """
    changes, problems = [], []
    for made in record.made:
        now = read_text(confined(root, made.path))
        back, kept = _taken_back(made, now)
        if not kept:
            problems.append(_edited(root, made, record))
        elif now != back:
            changes.append(FileChange(made.path, now, back))
    if problems:
        names = ", ".join(problem.field for problem in problems)
        message = f"{names}: edited since it was added, and undoing would lose that; nothing was changed."
        data = {"diff": "".join(_diffs(root, record))}
        raise Refused(message, hint=problems[0].hint, where=problems[0].where, details=problems, data=data)
    return changes


def _taken_back(made: Made, now: str | None) -> tuple[str | None, bool]:
    """What a file is to say, and whether nothing is lost by that."""
    if now is None or same(now, made.after):
        return made.before, True
    if made.before is None:
        return None, not now.strip()
    merged = merge(made.after, now, made.before)
    return merged.text, merged.text is not None


def _edited(root: Path, made: Made, record: Record) -> Problem:
    later = [one for one in records(root) if one.number > record.number and made.path in _paths(one)]
    if later:
        hint = f"Take back first what was added there later: {later[-1].title}."
    else:
        hint = "Take your own changes out of it, or remove by hand what was added."
    where = Where(display_path(root / made.path))
    return Problem(made.path, "says more than was added", hint=hint, where=where)


def _paths(record: Record) -> set[str]:
    return {made.path for made in record.made}


def _diffs(root: Path, record: Record) -> Iterable[str]:
    for made in record.made:
        now = read_text(confined(root, made.path))
        if now is not None and not same(now, made.after):
            yield FileChange(made.path, made.after, now).diff()
