"""Changes to files, as values: shown as a diff before anything is written."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from civgen.errors import Problem, Refused, Where, display_path


@dataclass(frozen=True, slots=True)
class Origin:
    """The template that a file was rendered from, and the answers that it was given."""

    template: str
    answers: Mapping[str, Any]


class Rendering(dict[str, str]):
    """Texts by path, as a template gave them."""

    def __init__(self, texts: Mapping[str, str], origin: Origin) -> None:
        super().__init__(texts)
        self.origin = origin


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file says now, and what it is to say.

    Attributes:
        path: with `/`, from the root of the workspace.
        before: None where there is no such file yet.
        after: None where there is to be none.
        origin: of what it is to say, where that is as a template gave it.
    """

    path: str
    before: str | None
    after: str | None
    origin: Origin | None = None

    @property
    def action(self) -> Literal["create", "update", "delete"]:
        """What happens to the file."""
        if self.after is None:
            return "delete"
        return "create" if self.before is None else "update"

    def diff(self) -> str:
        """The change as a unified diff."""
        old, new = (
            name if text is not None else "/dev/null"
            for name, text in ((f"a/{self.path}", self.before), (f"b/{self.path}", self.after))
        )
        before, after = ((text or "").splitlines(keepends=True) for text in (self.before, self.after))
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
    origin = rendered.origin if isinstance(rendered, Rendering) else None
    changes = [
        FileChange(path, read_text(confined(root, path)), after, origin) for path, after in rendered.items()
    ]
    taken = [one for one in changes if one.before is not None and not (keep or same(one.before, one.after))]
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


def same(one: str | None, other: str | None) -> bool:
    """Whether two texts are equal but for their line endings, which git may change."""
    if one is None or other is None:
        return one is other
    return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
