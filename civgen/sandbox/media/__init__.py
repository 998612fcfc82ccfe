"""Small files that are what they say: PNG, JPEG and MP4, drawn from a seed by a few lines each."""

from __future__ import annotations

from collections.abc import Callable

from civgen.sandbox.media.jpeg import jpeg
from civgen.sandbox.media.mosaic import Mosaic
from civgen.sandbox.media.mp4 import mp4
from civgen.sandbox.media.png import png

#: File ending -> content type and what draws it: mosaic, width and height in pixels, seconds.
FORMATS: dict[str, tuple[str, Callable[[Mosaic, int, int, float], bytes]]] = {
    "png": ("image/png", lambda mosaic, width, height, _: png(mosaic, width, height)),
    "jpeg": ("image/jpeg", lambda mosaic, width, height, _: jpeg(mosaic, width, height)),
    "mp4": ("video/mp4", mp4),
}


def draw(ending: str, seed: str, width: int, height: int, seconds: float = 0) -> bytes:
    """A file of a format; the same for the same arguments."""
    return FORMATS[ending][1](Mosaic(seed), width, height, seconds)
