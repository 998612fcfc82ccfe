"""The search index has every model that it offers, as one that generates.

What the index does not say, nobody finds.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "gold"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    indexed = subject.indexed()
    missing = sorted({one.model_id for one in subject.ecosystem.versions if one.model_id} - indexed)
    if missing:
        what = f"not in the index as generating: {', '.join(map(str, missing))}"
        yield Lack(what, subject.needing_workspace("civgen search sync"))
