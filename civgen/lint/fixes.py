"""Making the edits that findings declare, in the text of files: comments, order and blanks stay as they are.

Every edit is checked by what TOML reads then: the same data but for what was to change, and every comment.
One that cannot be made so is left to people.
"""

from __future__ import annotations

import copy
import difflib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from civgen.lint.comments import comments
from civgen.lint.edits import Edit
from civgen.lint.finding import Finding
from civgen.tomlfile import Key, key_positions, key_spans

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Fixed:
    """What the fixes of findings come to; nothing is written yet.

    Attributes:
        before, after: the text of every file that changes, by its name.
        done: the findings that are put right.
        left: those whose fix cannot be made.
    """

    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    done: Sequence[Finding] = ()
    left: Sequence[Finding] = ()

    @property
    def diff(self) -> str:
        """What changes, as a unified diff."""
        return "".join(
            line for file, text in self.after.items() for line in _diff(file, self.before[file], text)
        )

    def write(self) -> None:
        """Write the files, each in one go."""
        for file, text in self.after.items():
            replace_file(Path(file), text)


def fixed(findings: Iterable[Finding], may_change: Callable[[Path], bool]) -> Fixed:
    """Make the fixes of findings.

    Args:
        may_change: whether a file may be changed.
    """
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    done: list[Finding] = []
    left: list[Finding] = []
    for finding in sorted((one for one in findings if one.fix), key=_order):
        assert finding.fix is not None
        made = _made(finding.fix.edits, before, after, may_change)
        (done if made else left).append(finding)
    changed = {file: text for file, text in after.items() if text != before[file]}
    return Fixed(before, changed, done, left)


def edited(text: str, edit: Edit) -> str | None:
    """The text with an edit made; None if it cannot be made so that all else stays."""
    data = tomllib.loads(text)
    wanted = _applied(data, edit)
    if wanted is None:
        return None
    try:
        made = _renamed(text, edit.path, edit.to) if edit.do == "rename" else _by_tomlkit(text, edit)
        same = tomllib.loads(made) == wanted and comments(made) == comments(text)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return made if same else None


def _order(finding: Finding) -> tuple[int, list[str]]:
    """What is deep first, and of a list's entries the last first, so that no edit moves another's place."""
    assert finding.fix is not None
    edit = finding.fix.edits[0]
    place = [f"{part:09}" if isinstance(part, int) else part for part in edit.path]
    return (-len(edit.path), [_reversed(part) for part in place])


def _reversed(text: str) -> str:
    return "".join(chr(0x10FFFF - ord(letter)) if ord(letter) < 0xD800 else "\0" for letter in text)


def _made(
    edits: Sequence[Edit],
    before: dict[str, str],
    after: dict[str, str],
    may_change: Callable[[Path], bool],
) -> bool:
    """Make edits that belong together, all or none."""
    texts = dict(after)
    for edit in edits:
        if not may_change(Path(edit.file)):
            return False
        if edit.file not in texts:
            texts[edit.file] = before[edit.file] = Path(edit.file).read_bytes().decode()
        text = edited(texts[edit.file], edit)
        if text is None:
            return False
        texts[edit.file] = text
    after.update(texts)
    return True


def _applied(data: Any, edit: Edit) -> Any:
    """The data as the edit should leave it; None if there is nothing to edit."""
    result = copy.deepcopy(data)
    parent = result
    try:
        for part in edit.path[:-1]:
            parent = parent[part]
        last = edit.path[-1]
        old = parent[last]
        if edit.do == "set":
            parent[last] = edit.to
        else:
            if edit.do == "rename" and edit.to in parent:
                return None
            del parent[last]
            if edit.do == "rename":
                parent[edit.to] = old
    except (LookupError, TypeError):
        return None
    return result


def _by_tomlkit(text: str, edit: Edit) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    parent: Any = document
    for part in edit.path[:-1]:
        parent = parent[part]
    if edit.do == "set":
        parent[edit.path[-1]] = edit.to
    else:
        del parent[edit.path[-1]]
    return tomlkit.dumps(document)


def _renamed(text: str, path: Key, name: str) -> str:
    """The text with a key spelt otherwise wherever it is part of another, longer one."""
    lines = text.splitlines(keepends=True)
    depth = len(_names(path)) - 1
    found: set[tuple[int, int, int]] = set()
    for key, (line, column) in key_positions(text).items():
        if key[: len(path)] == path:
            spans = key_spans(lines[line - 1], column - 1)
            index = depth if lines[line - 1][column - 1] == "[" else depth - len(_names(key)) + len(spans)
            if 0 <= index < len(spans):
                found.add((line, *spans[index]))
    spelt = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    for line, start, end in sorted(found, reverse=True):
        lines[line - 1] = lines[line - 1][:start] + spelt + lines[line - 1][end:]
    return "".join(lines)


def _names(path: Key) -> list[str]:
    return [part for part in path if isinstance(part, str)]


def _diff(file: str, before: str, after: str) -> Iterable[str]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in difflib.unified_diff(old, new, fromfile=f"a/{file}", tofile=f"b/{file}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def replace_file(path: Path, text: str) -> None:
    """Write a file in one go, with the rights that it had; what a link leads to, not the link."""
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise
