"""CIV408."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class TrainingLeads(Rule):
    """What can be trained for an ecosystem can be used there, under a base model that is its own.

    Why: people pay for training. A result whose type does not generate, or that no base model can be
    written on, is good for nothing.

    Bad:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Trains what it does not take."
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"
        license = "Apache 2.0"
        [support]
        generation = ["Checkpoint"]
        training = ["LORA"]

    Good:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Takes what it trains."
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"
        license = "Apache 2.0"
        [support]
        generation = ["Checkpoint", "LORA"]
        training = ["LORA"]
    """

    code, name, severity = "CIV408", "training-leads", "warning"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            support, about = ecosystem.support, f"ecosystem {ecosystem.key}"
            where = place(entry, "support", "training")
            for kind in support.training:
                if support.generation and kind not in support.generation:
                    yield self.finding(f"{kind} can be trained, but not generate", where, subject=about)
            if support.training and not any(not base.disabled for base in ecosystem.base_models):
                message = "something can be trained, but there is no base model to write on the result"
                yield self.finding(message, where, subject=about)
