"""CIV108."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from civgen.catalog.files import BUILT_IN
from civgen.lint.finding import Finding
from civgen.lint.house import House, place, walk
from civgen.lint.rule import Rule

#: Folders whose records are there to be named by others.
_NAMED = ("licenses", "families", "sizes")


class RecordUsed(Rule):
    """A licence, a family or a size set of the workspace is named by something.

    Why: one that nothing names is left over, or the name that should lead to it is spelt differently.

    Bad:

        # families/quarry.toml
        key = "Quarry"
        id = 12000
        name = "Quarry"

    Good:

        # families/quarry.toml
        key = "Quarry"
        id = 12000
        name = "Quarry"
        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        family = "Quarry"
        description = "Belongs to the family."
    """

    code, name, severity = "CIV108", "record-used", "warning"
    sure = "likely"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        own = [
            entry
            for folder in _NAMED
            for entry in house.shelves[folder].values()
            if not entry.files[-1].path.is_relative_to(BUILT_IN) and len(entry.files) == 1
        ]
        if not own:
            return
        said = set(_texts(house))
        for entry in own:
            name = getattr(entry.record, "key", None) or entry.record.name
            if name not in said:
                where = place(entry, "key" if hasattr(entry.record, "key") else "name")
                yield self.finding(f"nothing names {name}", where, right="Name it, or take the file away.")


def _texts(house: House) -> Iterator[Any]:
    """Everything that ecosystems and tools say in words."""
    for folder in ("ecosystems", "workflows"):
        for entry in house.shelves[folder].values():
            yield from (value for _, value in walk(entry.record.model_dump()) if isinstance(value, str))
