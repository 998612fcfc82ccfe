"""What `civgen export` answers."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict


class HostWritten(TypedDict):
    """The modules of a host that a layout asks for.

    Attributes:
        dry_run: Whether nothing was written: under --dry-run and --check.
        written: Paths below --out of the modules that were written, or would be.
        unchanged: Paths of those that say already what they should.
        diff: What changes, as a unified diff.
    """

    dry_run: bool
    written: list[str]
    unchanged: list[str]
    diff: str


class FileWritten(TypedDict):
    """The one file of --out.

    Attributes:
        written: Its path.
    """

    written: list[str]


Exported = HostWritten | FileWritten | dict[str, Any]
