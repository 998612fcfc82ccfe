"""CIV002."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.errors import did_you_mean
from civgen.lint.comments import Ignore
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.rule import Rule


class IgnoreComment(Rule):
    """A comment that ignores findings names the rules by their codes, and says why.

    Why: without a code it would hide what nobody has thought of, and without a reason nobody dares to take
    it out again. One that is not whole keeps nothing quiet.

    Bad:

        # families/lodestones.toml
        key = "lodestones"
        id = 12000  # civgen: ignore[CIV101]
        name = "Lodestones"

    Good:

        # families/lodestones.toml
        key = "lodestones"
        id = 12000  # civgen: ignore[CIV101] the platform has two rows with this number
        name = "Lodestones"
    """

    code, name = "CIV002", "ignore-comment"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        from civgen.lint.registry import all_rules

        for one in house.ignores:
            yield from self._faults(one, list(all_rules()))

    def _faults(self, one: Ignore, known: list[str]) -> Iterator[Finding]:
        if not one.codes:
            message = "the comment does not say which rule it ignores"
            yield self.finding(
                message, one.where, right="Write `# civgen: ignore[CIV101] reason`, with a code."
            )
        elif not one.reason:
            message = "the comment does not say why it ignores this"
            yield self.finding(message, one.where, right="Write the reason behind the bracket.")
        for code in one.codes:
            if code not in known:
                right = did_you_mean(code, known, "`civgen lint --list-rules` shows all rules.")
                yield self.finding(f"no rule is called {code}", one.where, right=right)
