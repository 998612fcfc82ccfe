"""The catalogue as far as it can be read: a broken file is a finding, and the others are still there."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from civgen.catalog import Catalog, Entry
from civgen.catalog.records import BaseModelRecord, Ecosystem, Version
from civgen.catalog.shelf import Shelf
from civgen.errors import InvalidFile, NotFound, not_found
from civgen.forms.form import Form
from civgen.lint.tracking import Question, Recorder, digest

R = TypeVar("R", bound=BaseModel)


class ReadableShelf(Shelf[R]):
    """A shelf without what is wrong with it, which notes what it is asked.

    Attributes:
        errors: what is wrong with the files that are left out.
    """

    def __init__(self, name: str, shelf: Shelf[R], recorder: Recorder) -> None:
        # Not `super().__init__`: the folder has been walked, and is not to be walked again.
        self.what = shelf.what
        self.model = shelf.model
        self._entries, self.errors = shelf.scan()
        self._broken = {Path(file).stem.lower() for error in self.errors if (file := _file(error))}
        self._name, self._recorder = name, recorder

    def __getitem__(self, key: str) -> Entry[R]:
        self._recorder.note(("entry", self._name, key))
        if key not in self._entries:
            raise not_found(self.what, key, self._entries)
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        self._note_all()
        return iter(self._entries)

    def __len__(self) -> int:
        self._note_all()
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        self._recorder.note(("entry", self._name, str(key)))
        return key in self._entries

    @property
    def records(self) -> list[R]:
        """The records that could be read."""
        self._note_all()
        return [entry.record for entry in self._entries.values()]

    def scan(self) -> tuple[dict[str, Entry[R]], list[InvalidFile]]:
        """What was found when it was made."""
        self._note_all()
        return self._entries, self.errors

    def knows(self, key: str) -> bool:
        """Whether there is such a record, or a file that would hold it if it could be read."""
        self._recorder.note(("entry", self._name, key))
        return key in self._entries or file_stem(key).lower() in self._broken

    def answer(self, key: str) -> str:
        """What stands for the files of a record; of one that is not there, for what there is instead."""
        entry = self._entries.get(key)
        parts = [str(part) for file in entry.files for part in (file.path, file.text)] if entry else None
        return digest(parts or ["", key, str(file_stem(key).lower() in self._broken), *self._entries])

    @cached_property
    def whole_answer(self) -> str:
        """What stands for all of its files."""
        return digest([*map(self.answer, self._entries), *sorted(self._broken)])

    def _note_all(self) -> None:
        self._recorder.note(("shelf", self._name))


class ReadableCatalog(Catalog):
    """A catalogue of what can be read, which notes what it is asked.

    Attributes:
        readable: its shelves by the name of their folder.
        recorder: who notes it.
        forms: those composed so far, with what they are made of.
    """

    def __init__(
        self,
        workspace: Path | None = None,
        loose: Mapping[str, Sequence[Path]] | None = None,
        instead: Mapping[Path, Path] | None = None,
    ) -> None:
        """Read what can be read.

        Args:
            loose: files to read besides, by the folder of their kind.
            instead: those of them that stand for others, by these.
        """
        super().__init__(workspace)
        self.recorder = Recorder()
        self.forms: dict[Hashable, tuple[Form, set[Question]]] = {}
        stood_for = {put: old for old, put in (instead or {}).items()}
        for name, paths in (loose or {}).items():
            for path in paths if name in self.shelves else ():
                self.shelves[name].add(path, stood_for.get(path))
        self.readable = {
            name: ReadableShelf(name, shelf, self.recorder) for name, shelf in self.shelves.items()
        }
        for name, shelf in self.readable.items():
            setattr(self, name, shelf)

    def __getattribute__(self, name: str) -> Any:
        # What the catalogue keeps was asked for once, by whoever came first: it may be about anything.
        if name in _KEPT:
            object.__getattribute__(self, "recorder").note(("all",))
        return object.__getattribute__(self, name)

    def ecosystem(self, key: str) -> Ecosystem:  # noqa: D102
        self.lineage(key)  # so that it is noted even where the answer is kept
        return super().ecosystem(key)

    def version(self, version_id: int) -> tuple[Version, Ecosystem] | None:  # noqa: D102
        self.recorder.note(("version", str(version_id)))
        with self.recorder.silence():
            found = super().version(version_id)
        return (found[0], self.ecosystem(found[1].key)) if found else None

    def base_model(self, name: str) -> tuple[BaseModelRecord, Ecosystem]:  # noqa: D102
        self.recorder.note(("base model", name))
        with self.recorder.silence():
            found = super().base_model(name)
        return found[0], self.ecosystem(found[1].key)

    def ecosystem_of(self, base_model: str | None) -> str | None:  # noqa: D102
        self.recorder.note(("base model", base_model or ""))
        with self.recorder.silence():
            return super().ecosystem_of(base_model)

    def answer(self, question: Question) -> str:
        """What stands for the answer to a question that was noted."""
        with self.recorder.silence():
            match question:
                case ("entry", folder, key) if folder in self.readable:
                    return self.readable[folder].answer(key)
                case ("shelf", folder) if folder in self.readable:
                    return self.readable[folder].whole_answer
                case ("version", number):
                    return _said(super().version(int(number)))
                case ("base model", name):
                    return self._base_model_answer(name)
                case ("all",):
                    return digest(shelf.whole_answer for shelf in self.readable.values())
        return ""

    def _base_model_answer(self, name: str) -> str:
        try:
            return _said(super().base_model(name))
        except NotFound as error:
            return digest(["", error.hint or ""])


_KEPT = frozenset(
    name
    for kind in Catalog.__mro__
    for name, value in vars(kind).items()
    if isinstance(value, cached_property)
)


def file_stem(key: str) -> str:
    """What the file of a record is called, without its ending.

    >>> file_stem("img2img:face-fix"), file_stem("DPM++ 2M")
    ('img2img-face-fix', 'DPM-plus-plus-2M')
    """
    return re.sub(r"[^A-Za-z0-9._]+", "-", key.replace("+", "-plus")).strip("-")


def _said(found: tuple[BaseModel, Ecosystem] | None) -> str:
    return digest([found[0].model_dump_json(), found[1].key]) if found else ""


def _file(error: InvalidFile) -> str | None:
    return error.where.file if error.where else None
