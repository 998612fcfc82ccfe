"""What the index is called and how it is set up, as data; and what differs from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from civgen.tomlfile import read_toml

#: Settings whose order means nothing to the server.
_SETS = ("filterableAttributes", "sortableAttributes", "displayedAttributes")


@dataclass(frozen=True)
class IndexSettings:
    """The index as it should be.

    Attributes:
        name: uid of the index.
        documents: version of what documents hold; part of every content hash.
        settings: under the server's own names.
        reindexes: settings whose change makes the server go through all documents.
    """

    name: str
    primary_key: str
    documents: int
    settings: Mapping[str, Any]
    reindexes: tuple[str, ...]

    @property
    def filterable(self) -> tuple[str, ...]:
        """Attributes that filters and facets may name."""
        return tuple(self.settings["filterableAttributes"])

    @property
    def sortable(self) -> tuple[str, ...]:
        """Attributes that a query may be sorted by."""
        return tuple(self.settings["sortableAttributes"])

    @property
    def searchable(self) -> tuple[str, ...]:
        """Attributes in which words are looked for, the weightiest first."""
        return tuple(self.settings["searchableAttributes"])


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One setting that differs; `reindex` when the server would go through all documents for it."""

    name: str
    now: Any
    wanted: Any
    reindex: bool

    def as_json(self) -> dict[str, Any]:
        """`{"name", "now", "wanted", "reindex"}`."""
        return asdict(self)


@cache
def models_index() -> IndexSettings:
    """The settings of the models index, from `models_index.toml`."""
    said = read_toml(Path(__file__).with_name("models_index.toml")).data
    return IndexSettings(**{**said, "reindexes": tuple(said["reindexes"])})


def differences(wanted: IndexSettings, now: Mapping[str, Any]) -> list[SettingChange]:
    """Which settings are not as wanted; settings that nothing is said of are left alone.

    Args:
        now: the server's, under its own names.
    """
    return [
        SettingChange(name, now.get(name), value, name in wanted.reindexes)
        for name, value in wanted.settings.items()
        if not _agrees(name, value, now.get(name))
    ]


def _agrees(name: str, wanted: Any, now: Any) -> bool:
    if isinstance(wanted, Mapping):
        # The server answers every part of such a setting; those that nothing is said of are its own.
        return isinstance(now, Mapping) and all(_agrees(part, wanted[part], now.get(part)) for part in wanted)
    if name in _SETS and isinstance(now, list):
        return set(wanted) == set(now)
    return bool(wanted == now)


def values_at(document: Mapping[str, Any], path: str) -> Iterator[Any]:
    """All values at a dotted path, through lists on the way, as the server sees them.

    >>> list(values_at({"versions": [{"id": 1}, {"id": 2}]}, "versions.id"))
    [1, 2]
    """
    found: Iterable[Any] = [document]
    for part in path.split("."):
        found = [
            value for one in found if isinstance(one, Mapping) and part in one for value in _each(one[part])
        ]
    yield from found


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
