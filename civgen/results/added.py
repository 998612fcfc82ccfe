"""What `civgen init` and the commands that add something answer."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from civgen.results.following import Following
from civgen.results.search import SyncCounts
from civgen.results.submit import Quote


class RowChange(TypedDict):
    """What the addition changes in the rows that the catalogue wants; `civgen db apply` writes them.

    Attributes:
        action: What happens to the row.
        table: The platform's name of it.
        key: Column and value of what identifies the row.
        values: Column and value of all else; none of a row that is no longer wanted.
        before: The same as it was wanted until now; null for a new row.
        reason: What wants it.
    """

    action: Literal["create", "update", "delete"]
    table: str
    key: dict[str, Any]
    values: dict[str, Any]
    before: dict[str, Any] | None
    reason: str


class Linted(TypedDict):
    """What lint said.

    Attributes:
        findings: Number of warnings and notices; errors end the way.
    """

    findings: int


class RowsWritten(TypedDict):
    """What was written to the database.

    Attributes:
        changes: Number of rows.
        plan: Number of the applied plan; null where there was nothing to write.
    """

    changes: int
    plan: int | None


class Applied(TypedDict):
    """How far --apply came, a step each.

    Attributes:
        lint: What lint said.
        rows: What was written to the database.
        index: What was written to the search index.
        price: What the new model version would cost; nothing is submitted.
    """

    lint: NotRequired[Linted]
    rows: NotRequired[RowsWritten]
    index: NotRequired[SyncCounts]
    price: NotRequired[Quote]


class Addition(Following):
    """What was added, or under --undo taken back.

    Attributes:
        dry_run: Whether nothing was written.
        written: Files that were made or changed; none under --dry-run.
        removed: Files that were taken away; none under --dry-run.
        unchanged: Files that say already what they should.
        diff: All changes of files, as a unified diff.
        rows: Rows that the catalogue now wants otherwise.
        notes: What a person should know besides.
        applied: Under --apply, how far it came.
    """

    dry_run: bool
    written: list[str]
    removed: list[str]
    unchanged: list[str]
    diff: str
    rows: list[RowChange]
    notes: list[str]
    applied: NotRequired[Applied]


class UpdatedFile(TypedDict):
    """A file that a template made.

    Attributes:
        path: In the workspace.
        template: Which one.
        state: What became of it.
        lines: Where a conflict is.
        diff: The change; of a conflict, what the template changed and could not be put in.
    """

    path: str
    template: str
    state: Literal["unchanged", "updated", "merged", "conflict", "kept"]
    lines: list[int]
    diff: str


class Updates(Following):
    """What was brought up to date.

    Attributes:
        dry_run: Whether nothing was written.
        files: Each that a template made, as far as it is recorded.
    """

    dry_run: bool
    files: list[UpdatedFile]
