"""Size, speed and length of an MP4 or MOV video, from its boxes (ISO/IEC 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator

_HEADER = 8
_FIXED = 65536


def read_video(data: bytes) -> dict[str, float]:
    """`width`, `height`, `fps` and `duration` of the first track of pictures, as far as they are told.

    Sizes are as the video is shown, after rotation. Empty when `data` ends before the `moov` box does.
    """
    movie = _first(data, b"moov")
    for name, track in _boxes(movie or b""):
        media = (_first(track, b"mdia") or b"") if name == b"trak" else b""
        if (_first(media, b"hdlr") or b"")[8:12] == b"vide":
            return {**_sides(_first(track, b"tkhd") or b""), **_times(media)}
    return {}


def is_cut_short(data: bytes) -> bool:
    """Whether a box is longer than what is there, or the description of the tracks is missing."""
    end = 0
    for _, start, size in _places(data):
        end = start + size
    return end > len(data) or end == 0 or _first(data, b"moov") is None


def _places(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and whole size of each box, also of one that is longer than `data`."""
    place = 0
    while place + _HEADER <= len(data):
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16], "big")
        elif size == 0:
            size = len(data) - place
        if size < _HEADER:
            return
        yield name, place, size
        place += size


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each box that is there as a whole."""
    for name, start, size in _places(data):
        if start + size <= len(data):
            wide = data[start : start + 4] == b"\0\0\0\1"
            yield name, data[start + (2 * _HEADER if wide else _HEADER) : start + size]


def _first(data: bytes, wanted: bytes) -> bytes | None:
    return next((content for name, content in _boxes(data) if name == wanted), None)


def _sides(header: bytes) -> dict[str, float]:
    """Width and height from a `tkhd` box, whose last eight bytes they are, after a matrix of nine numbers."""
    if len(header) < 44:
        return {}
    sides = [int.from_bytes(part, "big") / _FIXED for part in (header[-8:-4], header[-4:])]
    turned = header[-44:-40] == b"\0\0\0\0"  # by a quarter: the first number of the matrix is 0
    width, height = reversed(sides) if turned else sides
    return {"width": round(width), "height": round(height)} if width >= 1 and height >= 1 else {}


def _times(media: bytes) -> dict[str, float]:
    scale, length = _clock(_first(media, b"mdhd") or b"")
    if not scale or not length:
        return {}  # a video in fragments tells its length nowhere in one place
    table = _first(_first(_first(media, b"minf") or b"", b"stbl") or b"", b"stts") or b""
    frames = sum(int.from_bytes(table[place : place + 4], "big") for place in range(8, len(table) - 7, 8))
    seconds = length / scale
    return {"duration": round(seconds, 3)} | ({"fps": round(frames / seconds, 3)} if frames else {})


def _clock(header: bytes) -> tuple[int, int]:
    """Ticks a second, and length in ticks, from an `mdhd` box of either version."""
    wide = header[:1] == b"\1"
    start, size = (20, 8) if wide else (12, 4)
    scale = int.from_bytes(header[start : start + 4], "big")
    return scale, int.from_bytes(header[start + 4 : start + 4 + size], "big")
