"""What `civgen init` and the commands that add something answer."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from civgen.results.following import Following


class WantedRow(TypedDict):
    """A row that the catalogue wants for what was added; `civgen db apply` writes it.

    Attributes:
        table: The platform's name of it.
        key: Column and value of what identifies the row.
        values: Column and value of all else.
        reason: What wants it.
    """

    table: str
    key: dict[str, Any]
    values: dict[str, Any]
    reason: str


class Addition(Following):
    """What was added.

    Attributes:
        dry_run: Whether nothing was written.
        written: Files that were made or changed; none under --dry-run.
        unchanged: Files that say already what they should.
        diff: All changes of files, as a unified diff.
        rows: Rows that the catalogue now wants for it.
        notes: What a person should know besides.
    """

    dry_run: bool
    written: list[str]
    unchanged: list[str]
    diff: str
    rows: list[WantedRow]
    notes: list[str]
