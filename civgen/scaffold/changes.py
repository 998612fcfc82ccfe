"""Changes to files, as values: shown as a diff, then written all or not at all."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from civgen.errors import Problem, Refused, Where, display_path


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file says now, and what it is to say.

    Attributes:
        path: with `/`, from the root of the workspace.
        before: None where there is no such file yet.
    """

    path: str
    before: str | None
    after: str

    @property
    def action(self) -> Literal["create", "update"]:
        """What happens to the file."""
        return "create" if self.before is None else "update"

    def diff(self) -> str:
        """The change as a unified diff."""
        old, new = ("/dev/null" if self.before is None else f"a/{self.path}"), f"b/{self.path}"
        before, after = (self.before or "").splitlines(keepends=True), self.after.splitlines(keepends=True)
        return "".join(_ended(line) for line in difflib.unified_diff(before, after, old, new))


def new_files(
    root: Path, rendered: Mapping[str, str], keep: bool = False
) -> tuple[list[FileChange], list[str]]:
    """The files that are still to be written, and those that are there already.

    Args:
        rendered: text by path.
        keep: whether a file that is there may say something else; it is left as it is.

    Raises:
        Refused: a file is there and says something else, or lies outside `root`; names every such file.
    """
    changes = [FileChange(path, read_text(confined(root, path)), after) for path, after in rendered.items()]
    taken = [one for one in changes if one.before is not None and not (keep or _same(one.before, one.after))]
    if taken:
        raise _refused(root, taken)
    there = [one.path for one in changes if one.before is not None]
    return [one for one in changes if one.before is None], there


def read_text(path: Path) -> str | None:
    """A file as it stands, line endings included; None where there is none."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        return stream.read()


def confined(root: Path, path: str) -> Path:
    """The file that `path` names.

    Raises:
        Refused: it lies outside `root`, be it by `..`, an absolute path or a link.
    """
    base = root.resolve()
    target = (base / path).resolve()
    if target == base or not target.is_relative_to(base):
        where = Where(path)
        raise Refused(f"{path} lies outside {display_path(root)}; nothing was written.", where=where)
    return target


def write(root: Path, changes: Sequence[FileChange]) -> None:
    """Write every change, or leave everything as it was.

    Each file is written beside its place and moved there, so that none is ever half written.

    Raises:
        Refused: a file lies outside `root`, or has changed since the change was made.
    """
    targets = [(confined(root, one.path), one) for one in changes]
    moved = [one for target, one in targets if read_text(target) != one.before]
    if moved:
        names = ", ".join(one.path for one in moved)
        raise Refused(f"{names} changed in the meantime; nothing was written.", hint="Run it again.")
    with ExitStack() as undo:
        staged = [(_beside(target, one.after, undo), target, one) for target, one in targets]
        for temporary, target, one in staged:
            undo.callback(_restore, target, one.before)
            temporary.replace(target)
        for folder in {target.parent for target, _ in targets}:
            _sync(folder)
        undo.pop_all()


def _beside(target: Path, text: str, undo: ExitStack) -> Path:
    """Write `text` next to where it belongs; undone, it and the folders made for it are gone."""
    for folder in reversed(list(_missing(target.parent))):
        folder.mkdir()
        undo.callback(folder.rmdir)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    undo.callback(temporary.unlink, missing_ok=True)
    with temporary.open("x", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    if target.exists():
        shutil.copymode(target, temporary)
    return temporary


def _missing(folder: Path) -> Iterator[Path]:
    while not folder.exists():
        yield folder
        folder = folder.parent


def _restore(target: Path, before: str | None) -> None:
    if before is None:
        target.unlink(missing_ok=True)
    elif read_text(target) != before:
        with ExitStack() as undo:
            _beside(target, before, undo).replace(target)


def _sync(folder: Path) -> None:
    """Make the renames in a folder last; where folders cannot be opened, the system does so itself."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refused(root: Path, taken: Iterable[FileChange]) -> Refused:
    taken = list(taken)
    problems = [
        Problem(
            one.path, "is there already and says something else", where=Where(display_path(root / one.path))
        )
        for one in taken
    ]
    names = ", ".join(one.path for one in taken)
    return Refused(
        f"{names}: there already, with other content; nothing was written.",
        hint="Change it by hand, or move it away and run this again.",
        where=problems[0].where,
        details=problems,
        data={"diff": "".join(one.diff() for one in taken)},
    )


def _same(one: str, other: str) -> bool:
    """Whether two texts are equal but for their line endings, which git may change."""
    return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
