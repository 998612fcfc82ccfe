"""CIV106."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civgen.errors import Where
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class CanonicalName(Rule):
    """One thing has one spelling: two names of a kind differ by more than case, blanks and punctuation.

    Why: `Flux.1 D` and `Flux1 D` are two base models to a database and one to every reader. Blanks at the
    ends or doubled make a name that nobody can type again.

    Bad:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Its base model reads as that of Flux.1."
        [[base_models]]
        id = 14000
        name = "Flux1 D"
        media = "image"
        license = "Apache 2.0"

    Good:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "A name of its own."
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"
        license = "Apache 2.0"
    """

    code, name = "CIV106", "canonical-name"
    sure = "likely"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        seen: dict[tuple[str, str], tuple[str, Where]] = {}
        for what, value, where in _names(house):
            if value != " ".join(value.split()):
                message = f"{value!r} has blanks at an end, or two in a row"
                right = f"Write {' '.join(value.split())!r}."
                yield self.finding(message, where, right=right, sure="certain")
            first, at = seen.setdefault((what, _plain(value)), (value, where))
            if first != value and first.lower() != value.lower():
                message = f"the {what} {value} reads as {first}, which is another: {at}"
                yield self.finding(message, where, right=f"Write {first}, or a name that differs.")


def _plain(text: str) -> str:
    """Letters and digits, and what tells apart names that differ by nothing else: `+` and a decimal point."""
    return re.sub(r"(?<!\d)\.|\.(?!\d)|[^a-z0-9.+]", "", re.sub(r"(?<=[a-z])\.(?=\d)", "", text.lower()))


def _names(house: House) -> Iterator[tuple[str, str, Where]]:
    for entry in house.entries:
        yield "ecosystem", entry.record.key, place(entry, "key")
        for index, base in enumerate(entry.record.base_models):
            yield "base model", base.name, place(entry, "base_models", index, "name")
        for index, version in enumerate(entry.record.versions):
            yield f"version of {entry.record.key}", version.label, place(entry, "versions", index, "label")
    for entry in house.shelves["licenses"].values():
        yield "licence", entry.record.name, place(entry, "name")
