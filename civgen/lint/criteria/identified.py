"""Every version says which model it belongs to.

Without that, its AIR cannot be made, and its row in the database hangs on a stand-in.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "gold"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    missing = [str(one.id) for one in subject.ecosystem.versions if one.model_id is None]
    if missing:
        yield Lack(f"no model_id: {', '.join(missing)}", f"civgen show {subject.key}")
