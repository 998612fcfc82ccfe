"""CIV301."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from civgen.errors import Where
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.payloads import FORM, Violation
from civgen.lint.places import option_place, owner
from civgen.lint.rule import Rule


class PayloadValidates(Rule):
    """Every step that an engine builds from what its forms let through is one that the contract takes.

    Why: this is what most repairs of added engines were about: a field that the orchestrator does not
    know, one that it needs, a version by another name. Every workflow key, version, option and end of a
    range is tried, with made-up images and resources. What is due to a single offered value is for
    `option-in-contract`.

    Bad:

        # ecosystems/Seedream.toml
        override = true
        [[versions]]
        id = 2208174
        engine = { version = "v3.0" }

    Good:

        # ecosystems/Seedream.toml
        override = true
        [[versions]]
        id = 2208174
        engine = { version = "v3" }
    """

    code, name = "CIV301", "payload-validates"
    needs = "engines"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        for one in house.violations(maker):
            if one.visit is None:
                message = f"{one.path} {one.problem.message} ({', '.join(one.workflows)})"
                hint = _UNTRIED if one.path.startswith(FORM) else one.problem.hint
                yield self.finding(message, _where(one), right=hint, subject=one.maker.subject)


_UNTRIED = "The form refuses what was made up to try it, so that nothing was checked there."


def _where(one: Violation) -> Where:
    """The version's or the ecosystem's word to the engine, if that is what is refused; else the engine."""
    if one.path.startswith(FORM):
        return owner(one.maker, one.problem.field, (), one.facts)
    where = option_place(one.maker, one.facts, one.problem.given)
    if where:
        return where
    where = one.maker.source.where("build")
    return replace(where, line=one.line, column=1) if one.line else where
