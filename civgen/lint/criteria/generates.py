"""It has an engine, workflow keys, and for each of them a form that a person can fill in.

Otherwise it is a name on a list.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "bronze"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    ecosystem = subject.ecosystem
    if not ecosystem.engine:
        yield Lack("no engine", f"civgen show {subject.key}")
    elif not ecosystem.workflows:
        yield Lack("no workflow keys", f"civgen show {subject.key}")
    refused = [situation.workflow for situation, found in subject.requests if found is None]
    if refused:
        workflows = ", ".join(dict.fromkeys(refused))
        yield Lack(f"a plain request is refused: {workflows}", f"civgen form show --ecosystem {subject.key}")
