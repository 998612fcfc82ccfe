"""Examples: facts and what the pipeline made of them, with those apart that differ in few facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from civgen.jobs.probing.facts import ABSENT, Facts, Path, at, paths, same
from civgen.jobs.probing.nodes import Feature, feature

#: Text that is anybody's choice contains this in examples: what follows from it follows from all text.
FREE = "\N{SECTION SIGN}"
#: A feature with more values than this is no choice but a measure.
MOST_VALUES = 64
#: How often, on average, a value must come back to be a choice.
_RECURRING = 2.5


#: Names at the top whose entries only say again what others do.
_ECHOES = frozenset({"@all", "model", "resources"})
#: Parts that name something: anything may stand there.
_NAMES = frozenset({"id", "air", "url"})


@dataclass
class Examples:
    """Facts, by number.

    Attributes:
        facts: the trees.
        pairs: two examples that differ in the facts named, which are few.
        within: only what lies below this path counts as a feature: an entry of a list, on its own.
    """

    facts: list[Facts]
    pairs: list[tuple[int, int, frozenset[str]]] = field(default_factory=list)
    within: str | None = None
    _columns: dict[Feature, list[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def flat(self) -> list[dict[Path, Any]]:
        """Every path of every tree."""
        return [dict(paths(one)) for one in self.facts]

    @cached_property
    def lists(self) -> list[Path]:
        """The paths at which there are lists."""
        found = {path for flat in self.flat for path, value in flat.items() if isinstance(value, list)}
        return sorted(found, key=str)

    @cached_property
    def features(self) -> dict[str, list[Feature]]:
        """What may be told apart, by the name at the top of the tree."""
        found: dict[str, list[Feature]] = {}
        for path, values in self._values().items():
            name = str(path[0])
            told_elsewhere = name in _ECHOES and len(path) > 1
            if self.within in (None, name) and not told_elsewhere and path[-1] not in _NAMES:
                found.setdefault(name, []).extend((path, how) for how in _ways(values))
        return {name: self._distinct(several) for name, several in found.items()}

    def _distinct(self, several: list[Feature]) -> list[Feature]:
        """Features without those that tell apart just what one before them does."""
        columns: dict[tuple[int, ...], Feature] = {}
        for which in several:
            numbers: dict[str, int] = {}
            column = tuple(numbers.setdefault(one, len(numbers)) for one in self._column(which))
            columns.setdefault(column, which)
        return list(columns.values())

    def values(self, which: Feature, ids: Sequence[int]) -> dict[tuple[str, ...], list[int]]:
        """Positions in `ids` by what the feature is there."""
        groups: dict[tuple[str, ...], list[int]] = {}
        column = self._column(which)
        for position, number in enumerate(ids):
            groups.setdefault((column[number],), []).append(position)
        return groups

    def relevant(self, ids: Sequence[int], made: Sequence[Any]) -> list[Feature]:
        """The features that could tell apart what was made.

        They are of facts in which two examples differ that come out differently.
        """
        if self.within:
            return [one for several in self.features.values() for one in several]
        position = {number: place for place, number in enumerate(ids)}
        names: dict[str, int] = {}
        for one, other, differing in self.pairs:
            both = one in position and other in position
            if both and not same(made[position[one]], made[position[other]]):
                for name in differing:
                    names[name] = names.get(name, 0) + 1
        ranked = sorted(names or self.features, key=lambda name: -names.get(name, 0))
        return [which for name in ranked for which in self.features.get(name, ())]

    def spread(self, path: Path, skip: int, ids: Sequence[int]) -> tuple[Examples, list[tuple[int, Any]]]:
        """An example for each entry of the lists at a path; with position in `ids` and the entry."""
        facts: list[Facts] = []
        found: list[tuple[int, Any]] = []
        for position, number in enumerate(ids):
            entries = at(self.facts[number], path)
            for place, entry in enumerate(entries[skip:] if isinstance(entries, list) else []):
                facts.append({"@item": entry, "@index": place})
                found.append((position, entry))
        return Examples(facts, within="@item"), found

    def add(self, facts: Facts) -> int:
        """Take another example in; answers its number."""
        self.facts.append(facts)
        self._columns.clear()
        for name in ("flat", "lists", "features"):
            self.__dict__.pop(name, None)
        return len(self.facts) - 1

    def _column(self, which: Feature) -> list[str]:
        if which not in self._columns:
            self._columns[which] = [feature(one, which) for one in self.facts]
        return self._columns[which]

    def _values(self) -> dict[Path, list[Any]]:
        every: dict[Path, None] = dict.fromkeys(path for flat in self.flat for path in flat)
        return {path: [flat.get(path, ABSENT) for flat in self.flat] for path in every}


def _ways(values: list[Any]) -> Iterator[str]:
    """How the values at a path may be told apart."""
    there = [one for one in values if one is not ABSENT]
    if len({one is ABSENT or one is None for one in values}) > 1:
        yield "is"
    if any(isinstance(one, list) for one in there):
        yield "count"
    if any(isinstance(one, list | dict) for one in there):
        return
    distinct = {repr(one) for one in there}
    free = any(isinstance(one, str) and FREE in one for one in there)
    few = 1 < len(distinct) + (len(there) < len(values)) <= MOST_VALUES
    if few and not free and len(there) / len(distinct) >= _RECURRING:
        yield "value"
    if len({one is not ABSENT and bool(one) for one in values}) > 1:
        yield "given"
