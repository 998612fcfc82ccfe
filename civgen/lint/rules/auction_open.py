"""CIV407."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class AuctionOpen(Rule):
    """What may be auctioned may generate, and a locked ecosystem auctions no checkpoints.

    Why: who wins an auction has a model featured for generation. Where nobody may choose the model, or its
    type does not generate, there is nothing to feature, and the winner has paid for nothing.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [support]
        generation = ["Checkpoint"]
        auction = ["Checkpoint", "LORA"]

    Good:

        # ecosystems/SDXL.toml
        override = true
        [support]
        generation = ["Checkpoint", "LORA"]
        auction = ["Checkpoint", "LORA"]
    """

    code, name = "CIV407", "auction-open"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            support = ecosystem.support
            for kind in support.auction:
                where = place(entry, "support", "auction")
                about = f"ecosystem {ecosystem.key}"
                if kind not in support.generation:
                    yield self.finding(f"{kind} may be auctioned, but not generate", where, subject=about)
                elif kind == "Checkpoint" and ecosystem.model_locked:
                    message = "checkpoints may be auctioned, but nobody may choose one"
                    yield self.finding(message, where, subject=about)
