"""What the engines have in common that the platform has retired.

Their forms are those of September 2025, the last that had them. No dates of their going are published: what
is known are the two states of the platform between which they went.
"""

from __future__ import annotations

from civgen.engines import fields
from civgen.engines.base import Retirement
from civgen.forms.field import Field

#: Characters of a prompt, and of a negative one.
LONGEST = 1500

LAST_SEEN, GONE_BY = "September 2025", "August 2026"
_REASON = "to make an old request again, or to compare: the orchestrator's contract still takes it"


def gone(now: str, *instead: str) -> Retirement:
    """How the platform came to do without an engine.

    Args:
        now: what its form of August 2026 has in its place.
        instead: engines that are its successors.
    """
    since = f"before {GONE_BY} (no date is published): the form of {LAST_SEEN} still had it, {now}"
    return Retirement(since, _REASON, instead)


def opening() -> list[Field]:
    """The fields up to the prompt, for text and image to video."""
    return [fields.priority(), fields.images("img2vid"), fields.prompt(max_length=LONGEST)]
