"""The price of a plain request is published, for every workflow key.

Without that, nobody can be told what a request costs before asking the orchestrator.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "silver"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    unknown = [
        situation.workflow
        for situation, found in subject.requests
        if found is not None and subject.price(found) is None
    ]
    if unknown:
        workflows = ", ".join(dict.fromkeys(unknown))
        yield Lack(f"no published price: {workflows}", f"civgen price --ecosystem {subject.key}")
