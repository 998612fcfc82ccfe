"""CIV405."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class LicenseSaid(Rule):
    """A base model that generates names its licence.

    Why: from the licence follow what may be generated, and what must be said with the result. A base model
    without one is held to nothing.

    Bad:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Says nothing of its licence."
        parent = "SDXL"
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"

    Good:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Says its licence."
        parent = "SDXL"
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"
        license = "Apache 2.0"
    """

    code, name, severity = "CIV405", "license-said", "warning"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            for index, base in enumerate(ecosystem.base_models):
                if ecosystem.engine and base.license is None and not base.disabled:
                    where = place(entry, "base_models", index)
                    right = "`civgen list licenses` shows those there are."
                    message = f"{base.name} names no licence"
                    yield self.finding(message, where, right=right, subject=f"ecosystem {ecosystem.key}")
