"""CIV409."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class AcceptsUsed(Rule):
    """What an ecosystem accepts of another is a type that it takes itself, of another, said once.

    Why: a rule of compatibility that no form can use misleads whoever reads it, and two for one pair
    contradict each other sooner or later.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [[accepts]]
        ecosystem = "SDXL"
        types = ["LORA"]

    Good:

        # ecosystems/HiDream.toml
        override = true
        [[accepts]]
        ecosystem = "SDXL"
        types = ["LORA"]
    """

    code, name = "CIV409", "accepts-used"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            about, taken = f"ecosystem {ecosystem.key}", ecosystem.support.generation
            pairs = Counter((one.ecosystem, kind) for one in entry.record.accepts for kind in one.types)
            for index, one in enumerate(entry.record.accepts):
                where = place(entry, "accepts", index, "types")
                if one.ecosystem == ecosystem.key:
                    yield self.finding("it accepts itself, which it does anyway", where, subject=about)
                for kind in one.types:
                    if ecosystem.engine and taken and kind not in taken:
                        message = f"it accepts {kind} of {one.ecosystem}, but takes no {kind} at all"
                        yield self.finding(message, where, subject=about)
                    if pairs[one.ecosystem, kind] > 1:
                        message = f"it says twice that it accepts {kind} of {one.ecosystem}"
                        yield self.finding(message, where, subject=about)
