"""What an addition came to: for a person, an agent, and the next step."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from civgen.catalog import Catalog
from civgen.db.changes import Create
from civgen.db.desired import curated_rows, model_rows
from civgen.errors import InvalidFile
from civgen.jobs.lacking import as_options
from civgen.scaffold.changes import FileChange
from civgen.scaffold.records import new_record
from civgen.scaffold.scene import Scene
from civgen.scaffold.writing import write

Row = Mapping[str, Any]
#: What is added: the command as `command`, and what tells it from others of its kind.
Subject = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What was written, or would be.

    Attributes:
        changes: the files that differ from what was there.
        unchanged: files that say already what they should.
        rows: how the rows that the catalogue wants change, see `row_changes`.
        next: commands that lead on.
        notes: what a person should know besides.
        dry_run: whether nothing was written.
        request: one that what was added can carry out, if any.
    """

    changes: tuple[FileChange, ...] = ()
    unchanged: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    next: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False
    request: Row | None = None

    def __add__(self, other: Outcome) -> Outcome:
        """Both, this one first."""
        return Outcome(
            (*self.changes, *other.changes),
            (*self.unchanged, *other.unchanged),
            (*self.rows, *other.rows),
            (*self.next, *other.next),
            (*self.notes, *other.notes),
            request=self.request or other.request,
        )

    @property
    def diff(self) -> str:
        """All changes as a unified diff."""
        return "".join(change.diff() for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """The document of the commands that add something."""
        return {
            "dry_run": self.dry_run,
            "written": self._done("create", "update"),
            "removed": self._done("delete"),
            "unchanged": list(self.unchanged),
            "diff": self.diff,
            "rows": [dict(row) for row in self.rows],
            "next": list(self.next),
            "notes": list(self.notes),
        }

    def carried_out(self, root: Path, subject: Subject | None = None, *, dry_run: bool) -> Outcome:
        """The outcome once its changes are written, or with `dry_run` without that.

        Args:
            subject: what is added, for the record by which it can be taken back; None keeps none.
        """
        if not dry_run and self.changes:
            write(root, self.changes, new_record(root, subject, self.changes) if subject else None)
        return replace(self, dry_run=dry_run)

    def _done(self, *actions: str) -> list[str]:
        return [] if self.dry_run else [one.path for one in self.changes if one.action in actions]


def row_changes(scene: Scene, changes: Sequence[FileChange] = ()) -> list[Row]:
    """How the rows that the catalogue wants change with what was tried, and `changes` besides.

    Returns:
        Each with `action` (`create`, `update` or `delete`), `table`, `key`, `values`, `before` and `reason`.
    """
    scene.try_out(changes)
    try:
        before, after = _wanted(scene.catalog), _wanted(Catalog(scene.copy))
    except InvalidFile:
        return []  # a file that cannot be read wants no rows; lint says more
    return [
        _row(before.get(name), after.get(name))
        for name in dict.fromkeys((*after, *before))
        if _values(before.get(name)) != _values(after.get(name))
    ]


def _wanted(catalog: Catalog) -> dict[Any, Create]:
    # Several versions of one model want its row, each for itself.
    return {row.identity: row for row in (*curated_rows(catalog), *model_rows(catalog))}


def _values(row: Create | None) -> Row | None:
    return row.values if row else None


def _row(before: Create | None, after: Create | None) -> Row:
    row = after or before
    assert row is not None
    action = "create" if before is None else "update" if after else "delete"
    return {
        "action": action,
        "table": row.table,
        "key": row.key,
        "values": dict(after.values) if after else {},
        "before": dict(before.values) if before else None,
        "reason": row.reason,
    }


def next_commands(request: Row | None) -> tuple[str, ...]:
    """What to do once something was added: check it, look at it, and go on to a price.

    Args:
        request: one that what was added can carry out; without one, there is nothing to look at.
    """
    rows = ("civgen db plan", "civgen db apply")
    if request is None:
        return ("civgen lint", *rows)
    words = shlex.join(as_options(request))
    return ("civgen lint", f"civgen preview {words}", *rows, f"civgen submit --dry-run {words}")
