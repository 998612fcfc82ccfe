"""CIV203."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.places import owner
from civgen.lint.rule import Rule
from civgen.lint.rules.default_fits import LIMITS
from civgen.lint.walks import states


class PresetFits(Rule):
    """Every preset of a field is a value that the field takes.

    Why: a preset is a button. One that is out of range is a button that leads to a refusal.

    Bad:

        # ecosystems/SD1.toml
        override = true
        [form.steps]
        presets = [{ label = "Best", value = 200 }]

    Good:

        # ecosystems/SD1.toml
        override = true
        [form.steps]
        presets = [{ label = "Best", value = 50 }]
    """

    code, name = "CIV203", "preset-fits"
    needs = "engines"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        for visit, facts in states(house, maker):
            for preset in visit.shown.get("presets") or ():
                value = preset.get("value")
                if problem := visit.field.read(value, visit.shown, facts).problem:
                    which = f"the preset {preset.get('label')} of {visit.field.key}"
                    message = f"{which}, {value}, {problem.message}"
                    where = owner(maker, visit.field.key, ("presets", *LIMITS), facts)
                    yield self.finding(message, where, right=problem.hint, subject=maker.subject)
