"""CIV205."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from civgen.catalog.records import Ecosystem
from civgen.errors import Where, did_you_mean
from civgen.forms.form import Form
from civgen.lint.finding import Finding
from civgen.lint.house import House, place, walk
from civgen.lint.makers import Maker
from civgen.lint.rule import Rule
from civgen.lint.walks import asked_by_field
from civgen.tomlfile import Key

#: What a condition may ask besides the fields.
FACTS = ("workflow", "tier", "feature")


class ConditionAsks(Rule):
    """A condition asks about the workflow key, the tier, a feature, or a field that comes before it.

    Why: a form is filled from the first field to the last. What comes later, or does not exist, is not
    there yet when the condition asks, so that it silently never holds.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [[form.duration.when]]
        match = { version = "3.1" }
        default = 4

    Good:

        # ecosystems/Veo3.toml
        override = true
        [[form.duration.when]]
        match = { workflow = "img2vid" }
        default = 4
    """

    code, name = "CIV205", "condition-asks"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for module in house.modules.values():
            if module.usable:
                yield from self._of_engine(
                    module.usable.form, f"engine {module.usable.key}", module.source.field
                )
        for maker in house.makers:
            yield from self._of_file(maker)
            yield from self._of_ecosystem(maker)

    def _of_engine(self, form: Form, subject: str, where: Any) -> Iterator[Finding]:
        for field in form.fields:
            yield from self._unknown(asked_by_field(field), form, field.key, where(field.key), subject)

    def _of_file(self, maker: Maker) -> Iterator[Finding]:
        record = maker.entry.record.model_dump(include={"form", "versions"}, exclude_unset=True)
        for key, value in walk(record):
            if key[-1:] in (("match",), ("unless",)) and isinstance(value, Mapping) and "form" in key:
                field = str(key[key.index("form") + 1])
                where = place(maker.entry, *key)
                if field in maker.form:  # else it is another engine's
                    names = value.keys() - maker.others
                    yield from self._unknown(names, maker.form, field, where, maker.subject)

    def _of_ecosystem(self, maker: Maker) -> Iterator[Finding]:
        """What an ecosystem says outside the form under conditions; these see all of it."""
        known = {*maker.form.keys, *maker.others, *FACTS}
        for key, names in _asked_outside(maker.ecosystem) if maker.ecosystem else ():
            for name in sorted(set(names) - known):
                message = f"{key[0]} asks about {name}, which does not exist"
                where, hint = place(maker.entry, *key), did_you_mean(name, known)
                yield self.finding(message, where, right=hint, subject=maker.subject)

    def _unknown(
        self, names: Iterable[str], form: Form, field: str, where: Where, subject: str
    ) -> Iterator[Finding]:
        before = form.keys[: form.keys.index(field)]
        for name in sorted(set(names) - {*before, *FACTS}):
            fault = "itself" if name == field else "a later field" if name in form else "which does not exist"
            hint = did_you_mean(name, [*before, *FACTS], f"It may ask about {', '.join((*FACTS, *before))}.")
            yield self.finding(
                f"a condition of {field} asks about {name}, {fault}", where, right=hint, subject=subject
            )


def _asked_outside(ecosystem: Ecosystem) -> Iterator[tuple[Key, Iterable[str]]]:
    """The conditions of an ecosystem that do not belong to a field, with the names they ask about."""
    for index, rule in enumerate(ecosystem.engine_options_when):
        yield ("engine_options_when", index, "match"), rule.match
        yield ("engine_options_when", index, "unless"), rule.unless
    for field, siblings in ecosystem.follows.items():
        for value in siblings:
            yield ("follows", field, value), (field,)
