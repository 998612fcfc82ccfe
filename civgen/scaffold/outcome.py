"""What an addition came to: for a person, an agent, and the next step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from civgen.catalog import Catalog
from civgen.db.desired import curated_rows, model_rows
from civgen.scaffold.changes import FileChange, write
from civgen.scaffold.probe import PROMPT

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What was written, or would be.

    Attributes:
        changes: the files that differ from what was there.
        unchanged: files that say already what they should.
        rows: rows that the catalogue now wants for it: `table`, `key`, `values`, `reason`.
        next: commands that lead on.
        notes: what a person should know besides.
        dry_run: whether nothing was written.
    """

    changes: tuple[FileChange, ...] = ()
    unchanged: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    next: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    def __add__(self, other: Outcome) -> Outcome:
        """Both, this one first."""
        return Outcome(
            (*self.changes, *other.changes),
            (*self.unchanged, *other.unchanged),
            (*self.rows, *other.rows),
            (*self.next, *other.next),
            (*self.notes, *other.notes),
        )

    @property
    def diff(self) -> str:
        """All changes as a unified diff."""
        return "".join(change.diff() for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """The document of the commands that add something."""
        return {
            "dry_run": self.dry_run,
            "written": [] if self.dry_run else [change.path for change in self.changes],
            "unchanged": list(self.unchanged),
            "diff": self.diff,
            "rows": [dict(row) for row in self.rows],
            "next": list(self.next),
            "notes": list(self.notes),
        }

    def carried_out(self, root: Path, *, dry_run: bool) -> Outcome:
        """The outcome once its changes are written, or with `dry_run` without that."""
        if not dry_run:
            write(root, self.changes)
        return replace(self, dry_run=dry_run)


def rows_for(catalog: Catalog, version_id: int) -> Iterator[Row]:
    """The rows that the catalogue wants for a model version: its own, its model's and its base model's."""
    wanted = [*curated_rows(catalog), *model_rows(catalog)]
    version = next((row for row in wanted if row.identity == ("ModelVersion", (version_id,))), None)
    if version is None:
        return
    named = {
        "EcosystemCheckpoints": version_id,
        "GenerationBaseModel": version.values["baseModel"],
        "Model": version.values["modelId"],
        "ModelVersion": version_id,
    }
    # Several versions of one model want its row, each for itself.
    for row in {row.identity: row for row in wanted}.values():
        if (named.get(row.table),) == row.identity[1]:
            yield {"table": row.table, "key": row.key, "values": row.values, "reason": row.reason}


def next_commands(ecosystem: str | None) -> tuple[str, ...]:
    """What to do once something was added: check it, look at it, and go on to a price."""
    if ecosystem is None:
        return ("civgen lint",)
    request = f'--ecosystem {ecosystem} --prompt "{PROMPT}"'
    return (
        "civgen lint",
        f"civgen preview {request}",
        "civgen db plan",
        "civgen db apply",
        f"civgen submit --dry-run {request}",
    )
