"""What a host can be given: one module a kind, with `KEY` and `rows(platform)`: the listing is the registry.

`KEY` is the property that no two rows share. A module may have `completed(row, platform)` for what is
costly, and only wanted of the rows that a layout asks for. Every other kind of file of the catalogue is
there as it is written.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform

#: One entry, with properties as JavaScript names them; what is not known is left out.
Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of data.

    Attributes:
        key: the property that no two rows share.
        read: gives the rows.
        complete: adds to a row what is costly.
    """

    name: str
    key: str
    read: Callable[[], Iterable[Row]]
    complete: Callable[[Row], Row]

    @cached_property
    def rows(self) -> list[Row]:
        """Every row, in the catalogue's order, without what is costly."""
        return [{name: value for name, value in row.items() if value is not None} for row in self.read()]

    @cached_property
    def properties(self) -> list[str]:
        """Every property that a row can have."""
        whole = [self.complete(row) for row in self.rows[:1]]
        return list(dict.fromkeys(name for row in (*whole, *self.rows) for name in row))


def kinds(platform: Platform) -> dict[str, Kind]:
    """Every kind by its name."""
    plain = [_plain(name, platform) for name in platform.catalog.shelves]
    return {kind.name: kind for kind in (*plain, *(_own(name, platform) for name in _listed()))}


def _listed() -> Iterator[str]:
    return (module.name for module in pkgutil.iter_modules(__path__))


def _own(module: str, platform: Platform) -> Kind:
    found = importlib.import_module(f"{__name__}.{module}")
    completed = getattr(found, "completed", lambda row, _: row)
    return Kind(
        module.replace("_", "-"),
        found.KEY,
        lambda: found.rows(platform),
        lambda row: completed(row, platform),
    )


def _plain(name: str, platform: Platform) -> Kind:
    """The records of a folder of the catalogue, all that their files say."""
    shelf = platform.catalog.shelves[name]
    key = "key" if "key" in shelf.model.model_fields else "name"
    return Kind(
        name,
        key,
        lambda: (in_camel_case(one.model_dump(mode="json", exclude_none=True)) for one in shelf.records),
        lambda row: row,
    )


def in_camel_case(row: Row) -> Row:
    """A record with the names of its own properties as JavaScript writes them.

    >>> in_camel_case({"disable_mature": True, "comfy": {"a_b": 1}})
    {'disableMature': True, 'comfy': {'a_b': 1}}
    """
    return {re.sub(r"_([a-z0-9])", lambda part: part[1].upper(), name): value for name, value in row.items()}
