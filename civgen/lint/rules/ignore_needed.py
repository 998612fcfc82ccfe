"""CIV003."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.judged import Judged
from civgen.lint.rule import Rule


class IgnoreNeeded(Rule):
    """A comment that ignores findings has something to ignore.

    Why: what it was about has been put right, or stands elsewhere by now, and there it would hide the
    next mistake. Comments about rules that did not run, or did not see everything, are left alone.

    Bad:

        # families/lodestones.toml
        key = "lodestones"
        id = 12000  # civgen: ignore[CIV001] the number may be text here
        name = "Lodestones"

    Good:

        # families/lodestones.toml
        key = "lodestones"
        id = 12000
        name = "Lodestones"
    """

    code, name = "CIV003", "ignore-needed"
    severity = "warning"

    def check_after(self, house: House, judged: Judged) -> Iterator[Finding]:  # noqa: D102, ARG002
        for one in judged.ignores:
            if one.reason and (codes := judged.needless(one)):
                message = f"nothing here is found by {', '.join(codes)}"
                yield self.finding(message, one.where, right="Take the comment out.")
