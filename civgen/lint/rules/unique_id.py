"""CIV101."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from civgen.catalog import Entry
from civgen.errors import Where
from civgen.lint.edits import removed
from civgen.lint.finding import Finding
from civgen.lint.house import House, place, walk
from civgen.lint.rule import Rule
from civgen.tomlfile import Key

Claim = tuple[str, Any, Entry[Any], Key]


class UniqueId(Rule):
    """Every number, key and name that something is found by belongs to one thing only.

    Why: two rows with one id overwrite each other, and a name that two base models share leads to
    whichever was read last. Case is no difference. Lists, too, hold each entry once. The names of
    families are left out: nothing is found by them, and the platform itself has two called Alibaba.

    Bad:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 4
        name = "Marble"
        description = "The id is that of SDXL."

    Good:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "An id of its own."
    """

    code, name = "CIV101", "unique-id"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        owners: dict[tuple[str, Any], tuple[Entry[Any], Key]] = {}
        for what, value, entry, key in _claims(house):
            mark = (what, value.lower() if isinstance(value, str) else value)
            first = owners.setdefault(mark, (entry, key))
            if first != (entry, key):
                yield self._twice(what, value, place(first[0], *first[1]), place(entry, *key))
        for folder in ("ecosystems", "sizes", "workflows", "groups"):
            for entry in house.shelves[folder].values():
                yield from self._listed_twice(entry)

    def _twice(self, what: str, value: Any, first: Where, second: Where) -> Finding:
        message = f"the {what} {value} is taken: {first}"
        return self.finding(
            message, second, right="Give it one that nothing else has.", subject=f"{what} {value}"
        )

    def _listed_twice(self, entry: Entry[Any]) -> Iterator[Finding]:
        for key, value in walk(entry.record.model_dump(exclude={"engine_options"})):
            if isinstance(value, list) and "engine" not in key and "presets" not in key:
                marks = [_mark(one) for one in value]
                for mark, index in _again(marks).items():
                    yield self.finding(
                        f"{key[-1]} lists {mark} twice",
                        place(entry, *key),
                        right="Once is enough.",
                        fix=removed(entry, (*key, index))
                        if value[index] == value[marks.index(mark)]
                        else None,
                    )


def _again(marks: list[Any]) -> dict[Any, int]:
    """What a list has more than once, with where it has it last."""
    counts = Counter(mark for mark in marks if mark is not None)
    last = {mark: index for index, mark in enumerate(marks)}
    return {mark: last[mark] for mark, count in counts.items() if count > 1}


def _claims(house: House) -> Iterator[Claim]:
    for shelf in house.shelves.values():
        for entry in shelf.values():
            for name in ("id", "key", "name"):
                value = getattr(entry.record, name, None)
                if value is not None and (name != "name" or shelf.what != "family"):
                    yield f"{shelf.what} {name}", value, entry, (name,)
    for entry in house.shelves["groups"].values():
        for index, word in enumerate(entry.record.ecosystems):
            yield "ecosystem of a group", word, entry, ("ecosystems", index)
    for entry in house.entries:
        for index, base in enumerate(entry.record.base_models):
            yield "base model id", base.id, entry, ("base_models", index, "id")
            yield "base model name", base.name, entry, ("base_models", index, "name")
        for index, version in enumerate(entry.record.versions):
            yield "model version", version.id, entry, ("versions", index, "id")


def _mark(entry: Any) -> Any:
    """What makes a list's entry the same as another; None where two may be alike."""
    if isinstance(entry, Mapping):
        return None if "match" in entry else entry.get("value")
    return entry if isinstance(entry, str | int | float) else None
