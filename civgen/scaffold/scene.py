"""What there is when something is to be added, and a copy of it to try the addition on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from civgen.catalog import Catalog
from civgen.engines.registry import Engines
from civgen.jobs.platform import Platform
from civgen.scaffold.changes import FileChange
from civgen.scaffold.writing import recover

_ENGINES = "engines"


@dataclass
class Scene:
    """A workspace, and a temporary copy of its records and engines.

    Engines are only ever loaded from the copy, so that nothing of Python's lands in the workspace.

    Attributes:
        root: the workspace.
        copy: where changes are tried.
        catalog: the catalogue as the workspace says it now.
    """

    root: Path
    copy: Path
    catalog: Catalog

    @property
    def engines(self) -> Engines:
        """The engines, with those that were tried."""
        return Engines(self.copy / _ENGINES)

    def platform(self) -> Platform:
        """The platform, with what was tried."""
        return Platform(Catalog(self.copy), self.engines)

    def try_out(self, changes: Sequence[FileChange]) -> None:
        """Make changes to the copy."""
        for change in changes:
            target = self.copy / change.path
            if change.after is None:
                target.unlink(missing_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(change.after, encoding="utf-8", newline="")


@contextmanager
def scene_of(root: Path) -> Iterator[Scene]:
    """Open a workspace to add to it, once what was left half done there is put back."""
    recover(root)
    catalog = Catalog(root)
    with TemporaryDirectory(prefix="civgen-") as name:
        copy = Path(name)
        for folder in (*catalog.shelves, _ENGINES):
            if (root / folder).is_dir():
                _copy(root / folder, copy / folder)
        yield Scene(root, copy, catalog)


def _copy(folder: Path, to: Path) -> None:
    """Copy what files say, but not who may write them: what is tried out is tried in the copy alone."""
    to.mkdir()
    for one in folder.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            _copy(one, to / one.name)
        elif one.is_file():
            shutil.copyfile(one, to / one.name)
