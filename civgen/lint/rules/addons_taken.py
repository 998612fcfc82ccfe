"""CIV404."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from civgen.catalog import Entry
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.makers import Maker
from civgen.lint.rule import Rule

#: Types that a request names beside its checkpoint.
_ADDONS = ("LORA", "LoCon", "DoRA", "TextualInversion")


class AddonsTaken(Rule):
    """An ecosystem whose LoRAs may generate has a form that takes resources, and the other way round.

    Why: support without a field is a promise that no form keeps; a field without support refuses all that
    is put into it.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [support]
        generation = ["Checkpoint", "LORA"]

    Good:

        # ecosystems/Veo3.toml
        override = true
        [support]
        generation = ["Checkpoint"]
    """

    code, name = "CIV404", "addons-taken"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        taken: dict[str, tuple[Maker, bool]] = {}
        for maker in house.makers:
            if maker.ecosystem:
                before = taken.get(maker.ecosystem.key, (maker, False))[1]
                taken[maker.ecosystem.key] = maker, before or "resources" in maker.form
        for maker, has_field in taken.values():
            assert maker.ecosystem is not None
            addons = [one for one in maker.ecosystem.support.generation if one in _ADDONS]
            where = place(_speaker(maker), "support", "generation")
            if addons and not has_field:
                message = f"{', '.join(addons)} may generate, but no form of it takes resources"
                yield self.finding(message, where, subject=maker.subject)
            elif has_field and not addons and not _accepts(maker):
                message = f"the form takes resources, but none of {', '.join(_ADDONS)} may generate"
                yield self.finding(message, where, subject=maker.subject)


def _speaker(maker: Maker) -> Entry[Any]:
    """The file that has the last word on support."""
    said = [entry for entry in maker.line if "support" in entry.record.model_fields_set]
    return said[-1] if said else maker.entry


def _accepts(maker: Maker) -> bool:
    return any(entry.record.accepts for entry in maker.line)
