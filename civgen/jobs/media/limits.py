"""What is taken of local files and data URLs, and where each limit is known from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Limit:
    """What is taken of one medium.

    Attributes:
        types: media types, with the names that people know them by.
        size: largest file, in bytes.
        side: longest side in pixels; None where nothing is known.
        source: where these are known from.
    """

    types: Mapping[str, str]
    size: int
    side: int | None
    source: str


#: The contract has no limits in figures. These are the platform's form's, which shrinks larger pictures (and
#: enlarges those below 300 pixels, which nothing says are refused) while civgen changes none; and for videos
#: those that the contract's prose gives for edits of Wan 2.7: no others are published.
LIMITS = {
    "image": Limit(
        {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"},
        16 * MEGABYTE,
        3840,
        "the platform's form (September 2025): 16 MB, sides of at most 3840 pixels",
    ),
    "video": Limit(
        {"video/mp4": "MP4", "video/quicktime": "MOV"},
        100 * MEGABYTE,
        None,
        "the contract's description of Wan 2.7 edits: MP4 or MOV, at most 100 MB",
    ),
}


def too_large(medium: str, size: int) -> str | None:
    """What is wrong with a size in bytes, or None."""
    limit = LIMITS[medium]
    if size <= limit.size:
        return None
    return f"has {size / MEGABYTE:.1f} MB, more than the {limit.size // MEGABYTE} MB that are taken"


def too_wide(medium: str, measures: Mapping[str, float]) -> str | None:
    """What is wrong with width and height in pixels, or None."""
    longest = LIMITS[medium].side
    if longest is None or max(measures["width"], measures["height"]) <= longest:
        return None
    return f"is {measures['width']:g}x{measures['height']:g} pixels: no side may have more than {longest}"
