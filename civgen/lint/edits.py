"""A fix as data: which edits of which TOML files would put a finding right.

A rule declares one beside its finding; `civgen.lint.fixes` makes the edits. Only what cannot change the
meaning of a file for the worse is declared: the canonical spelling of a name, the only known word that is
a slip of the finger away, an entry that stands there twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from civgen.catalog import Entry
from civgen.catalog.files import local_key
from civgen.errors import display_path
from civgen.tomlfile import Key, dotted

#: Words shorter than this are too close to each other to guess.
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a TOML file.

    Attributes:
        file: as findings name it.
        path: the key in that file's own data.
        do: give the key another name, or set, or remove, what stands there.
        to: the name or the value.
    """

    file: str
    path: Key
    do: Literal["rename", "set", "remove"]
    to: Any = None


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together, and what they do in a few words."""

    what: str
    edits: tuple[Edit, ...]

    def as_json(self) -> dict[str, Any]:
        """The `fix` of a finding."""
        edits = [{**asdict(edit), "path": list(edit.path)} for edit in self.edits]
        return {"what": self.what, "edits": edits}


def replaced(entry: Entry[Any], key: Key, value: Any) -> Fix | None:
    """The fix that sets a value of a record, in the file that has the last word on it."""
    return _fix(entry, key, "set", value, f"write {value!r}" if isinstance(value, str) else f"write {value}")


def renamed(entry: Entry[Any], key: Key, name: str) -> Fix | None:
    """The fix that gives a key of a record another name."""
    return _fix(entry, key, "rename", name, f"call it {name}")


def removed(entry: Entry[Any], key: Key) -> Fix | None:
    """The fix that takes a value, or an entry of a list, out of a record."""
    return _fix(entry, key, "remove", None, "take it out")


def corrected(entry: Entry[Any], key: Key, word: str, known: Iterable[str]) -> Fix | None:
    """The fix that writes the only near word for one that is not known, if there is one.

    Args:
        key: where `word` stands: as the value, in a list that is the value, or as the last part of the key.
    """
    near, found = only_near(word, known), local_key(entry.files, key)
    if near is None or found is None:
        return None
    value: Any = found[0].data
    for part in found[1]:
        value = value[part]
    if value == word:
        return replaced(entry, key, near)
    if isinstance(value, list) and word in value:
        return replaced(entry, (*key, value.index(word)), near)
    return renamed(entry, key, near) if key[-1] == word else None


def only_near(word: str, known: Iterable[str]) -> str | None:
    """The only known word that `word` can be a slip for, or None.

    One that differs in case, spaces and punctuation alone is preferred; else at most one letter in four,
    and two in all, may be wrong. Digits never are: they tell versions apart.

    >>> only_near("apache 2.0", ["Apache 2.0", "MIT"]), only_near("bytedanse", ["bytedance", "google"])
    ('Apache 2.0', 'bytedance')
    >>> only_near("Veo9", ["Veo3"]), only_near("img2vid", ["img2vid:a", "img2vid:b"])
    (None, None)
    """
    words = [one for one in dict.fromkeys(known) if one != word]
    same = [one for one in words if _letters(one) == _letters(word)]
    if same or len(word) < _SHORTEST:
        return same[0] if len(same) == 1 else None
    most = min(2, len(word) // 4)
    digits = re.sub(r"\D", "", word)
    near = [one for one in words if abs(len(one) - len(word)) <= most and re.sub(r"\D", "", one) == digits]
    found = [one for one in near if _distance(word.lower(), one.lower()) <= most]
    return found[0] if len(found) == 1 else None


def _fix(
    entry: Entry[Any], key: Key, do: Literal["rename", "set", "remove"], to: Any, what: str
) -> Fix | None:
    found = local_key(entry.files, key)
    return Fix(what, (Edit(display_path(found[0].path), found[1], do, to),)) if found else None


def keys_by_field(data: Any) -> dict[str, Key | None]:
    """Every key of data by its dotted form; None where several look alike."""
    found: dict[str, Key | None] = {}
    still: list[tuple[Key, Any]] = [((), data)]
    while still:
        at, value = still.pop()
        field = dotted(at)
        found[field] = None if field in found else at
        inside: Iterable[tuple[Any, Any]] = (
            value.items()
            if isinstance(value, Mapping)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        still += [((*at, part), one) for part, one in inside]
    return found


def _letters(word: str) -> str:
    return re.sub(r"[\s_.:-]+", "", word).lower()


def _distance(word: str, other: str) -> int:
    """How many letters are wrong, missing, too many, or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(word, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
