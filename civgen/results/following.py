"""What answers have that lead on."""

from __future__ import annotations

from typing_extensions import TypedDict


class Following(TypedDict):
    """An answer that names what comes next.

    Attributes:
        next: Commands that lead on, as they are to be typed here; none when nothing is left to do.
    """

    next: list[str]
