"""CIV202."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.errors import Problem
from civgen.forms.conditions import Facts
from civgen.forms.field import Field
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.places import owner
from civgen.lint.rule import Rule
from civgen.lint.walks import Visit, states

#: Where a value does not fit, the newest word may be that on what it has to fit.
LIMITS = ("options", "min", "max", "step", "capped_by")


class DefaultFits(Rule):
    """What a field starts with, is fixed at, or ends at is a value that it takes itself.

    Why: a default outside the options gives way to the first of them without a word, and one outside the
    range is refused from a user who touched nothing. Looked at for every workflow key, version and
    combination of fields that conditions ask about, in the lowest tier and the highest.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [form.duration]
        default = 5

    Good:

        # ecosystems/Veo3.toml
        override = true
        [form.duration]
        default = 6
    """

    code, name = "CIV202", "default-fits"
    needs = "engines"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        for visit, facts in states(house, maker, every_tier=True):
            for said, problem in _problems(visit, facts):
                yield self.finding(
                    f"the {said} {problem.given} of {visit.field.key} {problem.message}",
                    owner(maker, visit.field.key, (said, *LIMITS), facts),
                    right=_hint(problem),
                    subject=maker.subject,
                )


def _problems(visit: Visit, facts: Facts) -> Iterator[tuple[str, Problem]]:
    """What a field's own properties say that it does not take."""
    shown = visit.shown
    said = {"fixed": shown.get("fixed"), "max": shown.get("max") if shown.get("step") else None}
    if "fixed" not in shown and not any(option.get("default") for option in shown.get("options") or ()):
        said["default"] = _said_default(visit.field, facts)
    for name, value in said.items():
        if value is not None and (problem := visit.field.read(value, shown, facts).problem):
            yield name, problem


def _said_default(field: Field, facts: Facts) -> object:
    """The default as it is written; what a choice makes of it is always one of its options."""
    said = field.properties.get("default")
    for change in field.changes:
        if "default" in change.properties and change.applies(facts):
            said = change.properties["default"]
    return said


def _hint(problem: Problem) -> str | None:
    if isinstance(problem.allowed, list):
        return f"On offer: {', '.join(str(one) for one in problem.allowed)}."
    return problem.hint
