"""CIV406."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class BaseModelEnabled(Rule):
    """An ecosystem that generates has a base model that is not disabled.

    Why: nothing can be published under a disabled base model, and no row makes it generatable. An
    ecosystem that has no other looks finished, and is not.

    Bad:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Generates, and its only base model is disabled."
        parent = "SDXL"
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"
        license = "Apache 2.0"
        disabled = true

    Good:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Generates, under a base model of its own."
        parent = "SDXL"
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"
        license = "Apache 2.0"
    """

    code, name, severity = "CIV406", "base-model-enabled", "warning"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            if not (ecosystem.engine and ecosystem.support.generation and ecosystem.base_models):
                continue
            if all(base.disabled for base in ecosystem.base_models):
                message = "it generates, but all of its base models are disabled"
                where = place(entry, "base_models", 0, "disabled")
                yield self.finding(message, where, subject=f"ecosystem {ecosystem.key}")
