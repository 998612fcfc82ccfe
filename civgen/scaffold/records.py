"""What was added to a workspace: kept, so that it can be taken back and brought up to date.

A record is a file of the workspace's local state, which git ignores: what a team keeps are the files
themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from civgen.scaffold.changes import FileChange, Origin

#: Where the records lie, and how the file is called that exists while something is being written.
FOLDER, JOURNAL = ".civgen/additions", ".civgen/adding.json"


@dataclass(frozen=True, slots=True)
class Made:
    """One file of an addition.

    Attributes:
        before: what it said before; None where there was none.
        after: what civgen wrote.
        rendering: what the template gave, the last time it was asked; None where no template did.
    """

    path: str
    before: str | None
    after: str
    origin: Origin | None = None
    rendering: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An addition.

    Attributes:
        number: counts up in a workspace.
        subject: the command that made it, as `command`, and what it was told to add.
        folders: those that were made for its files, the innermost first.
        undone: whether it was taken back; only seen when that was cut off before the file was removed.
    """

    number: int
    subject: Mapping[str, Any]
    made: tuple[Made, ...]
    folders: tuple[str, ...] = ()
    undone: bool = False

    @property
    def path(self) -> str:
        """Where it is kept, from the root of the workspace."""
        return f"{FOLDER}/{self.number:05}.json"

    @property
    def title(self) -> str:
        """What was added, in words."""
        said = [str(value) for name, value in self.subject.items() if name != "command" and value is not None]
        return " ".join([str(self.subject["command"]), *said])

    def text(self) -> str:
        """As its file says it."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    def with_made(self, made: Iterable[Made]) -> Record:
        """The record with some of its files in place of those of the same path."""
        new = {one.path: one for one in made}
        return replace(self, made=tuple(new.get(one.path, one) for one in self.made))


def new_record(root: Path, subject: Mapping[str, Any], changes: Iterable[FileChange]) -> Record:
    """The record of changes that are about to be made."""
    made = (
        Made(one.path, one.before, one.after, one.origin, one.after if one.origin else None)
        for one in changes
        if one.after is not None
    )
    number = max((record.number for record in _all(root)), default=0) + 1
    return Record(number, subject, tuple(made))


def records(root: Path) -> list[Record]:
    """What was added, the latest last."""
    return [record for record in _all(root) if not record.undone]


def _all(root: Path) -> list[Record]:
    return [_read(path) for path in sorted((root / FOLDER).glob("*.json"))]


def _read(path: Path) -> Record:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    made = tuple(
        Made(**{**one, "origin": Origin(**one["origin"]) if one["origin"] else None}) for one in data["made"]
    )
    return Record(**{**data, "made": made, "folders": tuple(data["folders"])})
