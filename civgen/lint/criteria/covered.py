"""Every version that it offers may generate, as the rows of the environment's database say.

Rows make a model generatable; files alone do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "gold"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    covered = subject.covered()
    if covered is None:
        yield Lack("there is no database to ask", subject.needing_workspace("civgen db plan"))
    elif missing := [str(one.id) for one in subject.ecosystem.versions if one.id not in covered]:
        yield Lack(f"not covered: {', '.join(missing)}", f"civgen coverage {subject.key}")
