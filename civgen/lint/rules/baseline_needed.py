"""CIV004."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.errors import Where
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.judged import Judged
from civgen.lint.rule import Rule


class BaselineNeeded(Rule):
    """Every entry of the baseline is about something that is still found.

    Why: an entry that is left over would keep the same mistake quiet when somebody makes it again.

    Bad:

        # lint/baseline.json
        {"version": 1, "findings": [
          {"fingerprint": "0123", "code": "CIV001", "file": "families/a.toml", "message": "id is missing"}
        ]}

    Good:

        # lint/baseline.json
        {"version": 1, "findings": []}
    """

    code, name = "CIV004", "baseline-needed"
    severity = "warning"

    def check_after(self, house: House, judged: Judged) -> Iterator[Finding]:  # noqa: D102, ARG002
        for one in judged.gone:
            message = f"{one.code} {one.message} ({one.file}) is found no longer"
            where = Where(judged.baseline.file, one.line, 1)
            yield self.finding(message, where, right="`--write-baseline` takes it out.")
