"""It is described.

The description is what a person chooses by.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "gold"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    if not subject.ecosystem.description.strip():
        yield Lack("no description", f"civgen show {subject.key}")
