"""TOML files that remember where each value stands.

`tomllib` is fast but forgets positions; they are only needed when something is wrong, or when
somebody asks where a value comes from. So a file is parsed once for its values, and scanned for
positions on the first question.
"""

from __future__ import annotations

import re
import stat
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Where, display_path

Key = tuple[str | int, ...]

#: Bytes of a file that are read at most, and how deeply its values may be nested.
LARGEST, DEEPEST = 2_000_000, 40

# No run of blanks may be matched in two ways, or a long one would take for ever.
_HEADER = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(
    r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_PART = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*(?:\.|$)""")
_DOTTED = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*([.=\]])""")
_INLINE_KEY = re.compile(r"""[{,]\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")


@dataclass(frozen=True)
class TomlFile:
    """One parsed TOML file.

    Attributes:
        path: where it was read from.
        text: the file as it stands.
        data: its values, as `tomllib` gives them.
    """

    path: Path
    text: str
    data: dict[str, Any] = field(repr=False)

    def where(self, key: Key = ()) -> Where:
        """Line and column of `key`, or of its nearest ancestor that has a place.

        Args:
            key: path into `data`, for instance `("versions", 0, "id")`.
        """
        for length in range(len(key), 0, -1):
            found = self._positions.get(key[:length])
            if found:
                return Where(display_path(self.path), *found, field=dotted(key))
        return Where(display_path(self.path), 1, 1, field=dotted(key) or None)

    @cached_property
    def _positions(self) -> dict[Key, tuple[int, int]]:
        return key_positions(self.text)


def read_toml(path: Path) -> TomlFile:
    """Read and parse `path`.

    Raises:
        InvalidFile: it cannot be read as UTF-8, or is no TOML; with line and column.
    """
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad_toml(path, text, error) from None
    except RecursionError:
        raise _too_deep(path) from None
    if _deepest(data) > DEEPEST:
        raise _too_deep(path)
    return TomlFile(path, text, data)


def read_text(path: Path) -> str:
    """The text of a file that people write.

    Raises:
        InvalidFile: it is no file, is larger than `LARGEST`, or cannot be read as UTF-8.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for
            raise InvalidFile(f"{display_path(path)} is no file.", where=Where(display_path(path)))
        if found.st_size > LARGEST:
            raise _too_large(path, found.st_size)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidFile(
            f"{display_path(path)} is not UTF-8: {error.reason} at byte {error.start}.",
            hint="Save the file as UTF-8.",
            where=Where(display_path(path)),
        ) from None
    except OSError as error:
        raise InvalidFile(
            f"{display_path(path)} cannot be read: {error.strerror}.", where=Where(display_path(path))
        ) from None


def dotted(key: Key) -> str:
    """A key as people write it.

    >>> dotted(("versions", 0, "id"))
    'versions[0].id'
    """
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _too_large(path: Path, size: int) -> InvalidFile:
    name = display_path(path)
    message = f"{name} has {size / 1e6:.1f} MB, and at most {LARGEST / 1e6:.0f} MB are read."
    return InvalidFile(message, where=Where(name, 1, 1))


def _too_deep(path: Path) -> InvalidFile:
    name = display_path(path)
    message = f"{name} is nested too deeply: at most {DEEPEST} tables and lists in each other are read."
    return InvalidFile(message, where=Where(name, 1, 1))


def _deepest(data: Any) -> int:
    """How deeply tables and lists are nested; counted level by level, so that no depth is too much."""
    depth, level = 0, [data]
    while level and depth <= DEEPEST:
        depth += 1
        inside = (one.values() if isinstance(one, dict) else one for one in level)
        level = [value for values in inside for value in values if isinstance(value, dict | list)]
    return depth


def _bad_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> InvalidFile:
    message = str(error)
    found = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    line, column = (int(n) if n else None for n in found.groups()) if found else (None, None)
    if found and line is None:
        line, column = text.count("\n") + 1, 1
    plain = re.sub(r"\s*\(at .*\)", "", message)
    return InvalidFile(
        f"{display_path(path)} is not valid TOML: {plain}.",
        hint="Look for an unclosed quote or bracket, or a key given twice, at that line or just above it.",
        where=Where(display_path(path), line, column),
    )


def key_positions(text: str) -> dict[Key, tuple[int, int]]:
    """Line and column of every table header and key, in one pass over the lines."""
    found: dict[Key, tuple[int, int]] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    closer: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if closer is not None:
            closer = None if closer in line else closer
            continue
        if (header := _HEADER.match(line)) and not _PAIR.match(line):
            table = _enter(header.group(2), header.group(1) == "[[", counts)
            found.setdefault(table, (number, header.start(1) + 1))
        elif pair := _PAIR.match(line):
            key = table + tuple(_parts(pair.group(1)))
            found.setdefault(key, (number, pair.start(1) + 1))
            rest = line[pair.end() :]
            for inline in _INLINE_KEY.finditer(rest):
                found.setdefault((*key, _bare(inline.group(1))), (number, pair.end() + inline.start(1) + 1))
            closer = _opens(rest)
    return found


def _enter(name: str, is_array: bool, counts: dict[Key, int]) -> Key:
    """The key of a table header: the last entry of every array of tables on the way."""
    key: Key = ()
    parts = _parts(name)
    for index, part in enumerate(parts):
        key = (*key, part)
        last = index == len(parts) - 1
        if last and is_array:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            key = (*key, counts[key])
    return key


def _opens(rest: str) -> str | None:
    """The delimiter that must still come when a value goes on over several lines."""
    for quote in ('"""', "'''"):
        if rest.count(quote) % 2:
            return quote
    return None


def _parts(dotted_key: str) -> list[str]:
    parts: list[str] = []
    place = 0
    while part := _PART.match(dotted_key, place):
        parts.append(_bare(part.group(1)))
        place = part.end()
    return parts


def key_spans(line: str, start: int) -> list[tuple[int, int]]:
    """Where in a line the parts of the key, or of the table header, that begins at `start` stand.

    >>> key_spans("[form.steps]", 0), key_spans("a.b = 1", 0)
    ([(1, 5), (6, 11)], [(0, 1), (2, 3)])
    """
    spans: list[tuple[int, int]] = []
    place = start + len(line[start:]) - len(line[start:].lstrip("["))
    while part := _DOTTED.match(line, place):
        spans.append(part.span(1))
        if part.group(2) != ".":
            break
        place = part.end()
    return spans


def _bare(part: str) -> str:
    return part[1:-1] if part[:1] in "\"'" else part
