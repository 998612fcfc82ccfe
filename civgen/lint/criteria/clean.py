"""No rule of `civgen lint` finds anything to warn of.

A warning that stays is a warning that nobody reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "silver"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    warnings = [one for one in subject.findings if one.severity == "warning"]
    if warnings:
        yield Lack(f"{len(warnings)} lint warnings, the first: {warnings[0].code}", "civgen lint --strict")
