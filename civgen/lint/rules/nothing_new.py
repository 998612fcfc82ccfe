"""CIV107."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.rule import Rule


class NothingNew(Rule):
    """What an override says differs from what the file below it says.

    Why: a line that changes nothing hides the ones that do, and keeps an old value when the built-in one
    is mended.

    Bad:

        # ecosystems/SDXL.toml
        override = true
        order = 14

    Good:

        # ecosystems/SDXL.toml
        override = true
        order = 15
    """

    code, name, severity = "CIV107", "nothing-new", "notice"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for shelf in house.shelves.values():
            for entry in shelf.values():
                for below, above in zip(entry.files, entry.files[1:], strict=False):
                    for name in _same(below.data, above.data):
                        message = f"{name} is {above.data[name]!r} already"
                        yield self.finding(message, above.where((name,)), right="Leave it out.")


def _same(below: dict[str, Any], above: dict[str, Any]) -> Iterator[str]:
    for name, value in above.items():
        if (
            name not in ("override", "key")
            and not isinstance(value, dict | list)
            and below.get(name) == value
        ):
            yield name
