"""CIV302."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.payloads import Violation
from civgen.lint.places import owner
from civgen.lint.rule import Rule


class OptionInContract(Rule):
    """Every option, and both ends of every range, that a form offers is one that the contract takes.

    Why: a form that offers more than the orchestrator takes lets people wait for a refusal. Where the
    published contract is behind the platform, or wrong, that is laid over it as data, with its source.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [form.duration]
        options = [4, 6, 8, 12]

    Good:

        # ecosystems/Veo3.toml
        override = true
        [form.duration]
        options = [4, 6, 8]
    """

    code, name = "CIV302", "option-in-contract"
    needs = "engines"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        for one in house.violations(maker):
            if one.visit and one.visit.taken:
                field, said = one.visit.field.key, one.visit.taken.said_by
                offered = ", ".join(dict.fromkeys(_short(value) for value in one.offered))
                message = f"{field} offers {offered}, but {one.path} {one.problem.message}"
                where = owner(one.maker, field, said, one.facts)
                yield self.finding(message, where, right=_hint(one), subject=one.maker.subject)


def _hint(one: Violation) -> str:
    return (
        one.problem.hint
        or "Offer only what it takes; if the contract is wrong, lay the change over it with its source."
    )


def _short(value: Any) -> str:
    """A value in a few characters."""
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return " ".join(str(part) for name, part in value.items() if name != "label")
    return f"{len(value)} characters" if isinstance(value, str) and len(value) > 40 else str(value)
