"""TOML files that remember where each value stands.

`tomllib` is fast but forgets positions; they are only needed when something is wrong, or when
somebody asks where a value comes from. So a file is parsed once for its values, and scanned for
positions on the first question.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Where, display_path

Key = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(
    r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_PART = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*(?:\.|$)""")
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
        return _scan(self.text)


def read_toml(path: Path) -> TomlFile:
    """Read and parse `path`.

    Raises:
        InvalidFile: it cannot be read as UTF-8, or is no TOML; with line and column.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _bad_toml(path, error) from None
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


def _bad_toml(path: Path, error: tomllib.TOMLDecodeError) -> InvalidFile:
    message = str(error)
    found = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    line, column = (int(n) if n else None for n in found.groups()) if found else (None, None)
    if found and line is None:
        line, column = path.read_text(encoding="utf-8").count("\n") + 1, 1
    plain = re.sub(r"\s*\(at .*\)", "", message)
    return InvalidFile(
        f"{display_path(path)} is not valid TOML: {plain}.",
        hint="Look for an unclosed quote or bracket, or a key given twice, at that line or just above it.",
        where=Where(display_path(path), line, column),
    )


def _scan(text: str) -> dict[Key, tuple[int, int]]:
    """Positions of every table header and key, in one pass over the lines."""
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
    return [_bare(part) for part in _PART.findall(dotted_key)]


def _bare(part: str) -> str:
    return part[1:-1] if part[:1] in "\"'" else part
