"""A folder of records, read when asked for."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from civgen.catalog.files import Entry, read_entry
from civgen.errors import InvalidFile, Problem, Where, display_path, not_found
from civgen.tomlfile import read_toml

R = TypeVar("R", bound=BaseModel)


class Shelf(Mapping[str, Entry[R]], Generic[R]):
    """The records of one kind: a mapping of their keys to entries.

    A key is looked up by the name of its file first, so that asking for one reads one; a walk over
    all, or a name that is no file's, reads the folder.

    Args:
        what: the word for one of them, for messages.
        folder: name of the folder below each root.
        roots: folders that hold it: the built-in catalogue, then the workspace.
    """

    def __init__(self, what: str, folder: str, model: type[R], roots: Sequence[Path]) -> None:
        self.what = what
        self.model = model
        self._read: dict[str, Entry[R]] = {}
        self._files: dict[str, list[Path]] = defaultdict(list)
        for root in roots:
            for path in sorted((root / folder).glob("*.toml")):
                self._files[path.stem.lower()].append(path)

    def add(self, path: Path, instead: Path | None = None) -> None:
        """Read another file, too, or in the place of one; to be done before anything is asked for."""
        files = self._files[path.stem.lower()]
        kept = [one for one in files if instead is None or os.path.realpath(one) != str(instead)]
        self._files[path.stem.lower()] = [*kept, path]

    def __getitem__(self, key: str) -> Entry[R]:
        entry = self._by_file(key) or self._all.get(key) or self._ignoring_case.get(key.lower())
        if entry is None:
            raise not_found(self.what, key, self._all)
        return entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and (self._by_file(key) is not None or key in self._all)

    @property
    def records(self) -> list[R]:
        """All records, in the order of their files."""
        return [entry.record for entry in self._all.values()]

    def scan(self) -> tuple[dict[str, Entry[R]], list[InvalidFile]]:
        """Every entry that can be read, and what is wrong with the others."""
        entries: dict[str, Entry[R]] = {}
        errors: list[InvalidFile] = []
        for stem in self._files:
            try:
                entry = self._entry(stem)
                _claim(entries, entry, self.what)
            except InvalidFile as error:
                errors.append(error)
        return entries, errors

    @cached_property
    def _all(self) -> dict[str, Entry[R]]:
        entries, errors = self.scan()
        if errors:
            raise _together(errors)
        return entries

    @cached_property
    def _ignoring_case(self) -> dict[str, Entry[R]]:
        return {key.lower(): entry for key, entry in self._all.items()}

    def _by_file(self, key: str) -> Entry[R] | None:
        if key.lower() not in self._files:
            return None
        entry = self._entry(key.lower())
        return entry if key_of(entry.record).lower() == key.lower() else None

    def _entry(self, stem: str) -> Entry[R]:
        if stem not in self._read:
            files = self._files[stem]
            if len(files) > 1 and not read_toml(files[-1]).data.get("override"):
                raise _two_owners(self.what, stem, files)
            self._read[stem] = read_entry(files, self.model)
        return self._read[stem]


def key_of(record: BaseModel) -> str:
    """What a record is called: its key, or its name."""
    return str(getattr(record, "key", None) or getattr(record, "name", ""))


def _claim(entries: dict[str, Entry[R]], entry: Entry[R], what: str) -> None:
    key = key_of(entry.record)
    if key in entries:
        raise _two_owners(what, key, [entries[key].files[-1].path, entry.files[-1].path])
    entries[key] = entry


def _two_owners(what: str, key: str, files: Sequence[Path]) -> InvalidFile:
    first, second = display_path(files[0]), display_path(files[-1])
    message = f"The {what} {key} is said by two files: {first} and {second}."
    hint = f"To change the first, put `override = true` at the top of {second}; else give it another key."
    problem = Problem("key", message, given=key, hint=hint, where=Where(second, 1, 1))
    return InvalidFile(message, hint=hint, where=problem.where, details=[problem])


def _together(errors: Sequence[InvalidFile]) -> InvalidFile:
    if len(errors) == 1:
        return errors[0]
    details = [
        problem
        for error in errors
        for problem in error.details or [Problem("", error.message, where=error.where)]
    ]
    return InvalidFile(
        f"{len(errors)} files are wrong.", hint=errors[0].hint, where=errors[0].where, details=details
    )
