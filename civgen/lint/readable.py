"""The catalogue as far as it can be read: a broken file is a finding, and the others are still there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from civgen.catalog import Catalog, Entry
from civgen.catalog.shelf import Shelf
from civgen.errors import InvalidFile, not_found

R = TypeVar("R", bound=BaseModel)


class ReadableShelf(Shelf[R]):
    """A shelf without what is wrong with it.

    Attributes:
        errors: what is wrong with the files that are left out.
    """

    def __init__(self, shelf: Shelf[R]) -> None:
        # Not `super().__init__`: the folder has been walked, and is not to be walked again.
        self.what = shelf.what
        self._entries, self.errors = shelf.scan()
        self._broken = {Path(file).stem.lower() for error in self.errors if (file := _file(error))}

    def __getitem__(self, key: str) -> Entry[R]:
        if key not in self._entries:
            raise not_found(self.what, key, self._entries)
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    @property
    def records(self) -> list[R]:
        """The records that could be read."""
        return [entry.record for entry in self._entries.values()]

    def scan(self) -> tuple[dict[str, Entry[R]], list[InvalidFile]]:
        """What was found when it was made."""
        return self._entries, self.errors

    def knows(self, key: str) -> bool:
        """Whether there is such a record, or a file that would hold it if it could be read."""
        return key in self._entries or file_stem(key).lower() in self._broken


class ReadableCatalog(Catalog):
    """A catalogue of what can be read.

    Attributes:
        readable: its shelves by the name of their folder.
    """

    def __init__(self, workspace: Path | None = None) -> None:
        super().__init__(workspace)
        self.readable = {name: ReadableShelf(shelf) for name, shelf in self.shelves.items()}
        for name, shelf in self.readable.items():
            setattr(self, name, shelf)


def file_stem(key: str) -> str:
    """What the file of a record is called, without its ending.

    >>> file_stem("img2img:face-fix"), file_stem("DPM++ 2M")
    ('img2img-face-fix', 'DPM-plus-plus-2M')
    """
    return re.sub(r"[^A-Za-z0-9._]+", "-", key.replace("+", "-plus")).strip("-")


def _file(error: InvalidFile) -> str | None:
    return error.where.file if error.where else None
