"""What a file is: its first bytes decide, not the ending of its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from civgen.jobs.media.mp4 import is_cut_short, read_video

#: Bytes that suffice to tell a kind.
ENOUGH = 512

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"\x1aE\xdf\xa3": "video/webm",
    b"%PDF": "application/pdf",
    b"PK\x03\x04": "application/zip",
}
#: What follows `ftyp` in files made of boxes; any other brand is an MP4.
_BRANDS = {
    b"qt  ": "video/quicktime", b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic",
    b"heix": "image/heic", b"mif1": "image/heic", b"M4A ": "audio/mp4",
}  # fmt: skip
_IN_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_SVG = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<svg", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """What can be told of a medium by its bytes.

    Attributes:
        type: its media type; None when it is nothing that is known.
        measures: `width` and `height` in pixels as it is shown; of a video also `fps` and `duration` (s).
        whole: whether the end of it is there.
    """

    type: str | None
    measures: Mapping[str, float] = field(default_factory=dict)
    whole: bool = True


def kind_of(head: bytes) -> str | None:
    """The media type that the first bytes of a file tell, or None.

    >>> kind_of(bytes([0xFF, 0xD8, 0xFF, 0xE0])), kind_of(b"hello")
    ('image/jpeg', None)
    """
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return _IN_RIFF.get(head[8:12])
    if _SVG.match(head):
        return "image/svg+xml"
    return next((kind for beginning, kind in _BEGINNINGS.items() if head.startswith(beginning)), None)


def described(head: bytes, kind: str | None) -> str:
    """What a file is, for a message about one that is not taken."""
    if kind:
        return kind
    printable = sum(byte in b"\t\r\n" or 32 <= byte < 127 for byte in head[:ENOUGH])
    return "text" if printable > 0.95 * len(head[:ENOUGH]) else "nothing that is known"


def look(data: bytes) -> Look:
    """All that can be told of a whole file."""
    kind = kind_of(data[:ENOUGH])
    if kind is None or kind not in _WHOLE:
        return Look(kind)
    return Look(kind, measures_of(data, kind), _WHOLE[kind](data))


def measures_of(data: bytes, kind: str) -> dict[str, float]:
    """Measures of a medium, from the beginning of it at least; empty when they are not in there."""
    if kind in ("video/mp4", "video/quicktime"):
        return read_video(data)
    import imagesize

    # Only what was recognised gets here: the library would also open addresses and parse SVG.
    width, height = imagesize.get(BytesIO(data))
    return {"width": width, "height": height} if width > 0 and height > 0 else {}


def _png_is_whole(data: bytes) -> bool:
    place = 8
    while place + 12 <= len(data):
        name = data[place + 4 : place + 8]
        place += 12 + int.from_bytes(data[place : place + 4], "big")
        if name == b"IEND":
            return place <= len(data)
    return False


def _jpeg_is_whole(data: bytes) -> bool:
    """Whether the end is marked after the picture itself; a thumbnail before it has an end of its own."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        if data[place + 1] == 0xDA:
            return data.rfind(b"\xff\xd9") > place
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return False


def _webp_is_whole(data: bytes) -> bool:
    return len(data) >= 8 + int.from_bytes(data[4:8], "little")


_WHOLE: dict[str, Callable[[bytes], bool]] = {
    "image/png": _png_is_whole,
    "image/jpeg": _jpeg_is_whole,
    "image/webp": _webp_is_whole,
    "video/mp4": lambda data: not is_cut_short(data),
    "video/quicktime": lambda data: not is_cut_short(data),
}
