"""MP4 (ISO/IEC 14496-12) around H.264 of raw macroblocks: any player shows it, and no encoder is needed."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from civgen.sandbox.media.h264 import picture, picture_parameters, sequence_parameters
from civgen.sandbox.media.mosaic import Mosaic

FRAMES = 8
_TIMESCALE = 1000
_IDENTITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_ALWAYS_IN_THIS_FILE = b"\0\0\0\1"


def mp4(mosaic: Mosaic, width: int, height: int, seconds: float) -> bytes:
    """The moving mosaic: `FRAMES` frames over `seconds`.

    Args:
        width: pixels, even; `height` likewise.
    """
    units = [picture(mosaic, width, height, number / FRAMES, number) for number in range(FRAMES)]
    samples = [struct.pack(">I", len(unit)) + unit for unit in units]
    each = max(1, round(seconds * _TIMESCALE / FRAMES))
    kind = _box(b"ftyp", b"isom", 0x200, b"isomiso2avc1mp41")
    # The table of offsets stands before the frames; its own size does not depend on what it says.
    start = len(kind) + len(_movie(width, height, each, samples, 0)) + 8
    return kind + _movie(width, height, each, samples, start) + _box(b"mdat", *samples)


def _box(name: bytes, *parts: bytes | int) -> bytes:
    """A box; numbers are 32-bit."""
    data = b"".join(struct.pack(">I", part) if isinstance(part, int) else part for part in parts)
    return struct.pack(">I", len(data) + 8) + name + data


def _movie(width: int, height: int, each: int, samples: Sequence[bytes], start: int) -> bytes:
    length = each * len(samples)
    header = _box(b"mvhd", 0, 0, 0, _TIMESCALE, length, 0x10000, b"\1\0" + bytes(10), _IDENTITY, bytes(24), 2)
    shown = (b"\0\0\0\3", 0, 0, 1, 0, length, bytes(16), _IDENTITY, width << 16, height << 16)
    media = _box(
        b"mdia",
        _box(b"mdhd", 0, 0, 0, _TIMESCALE, length, struct.pack(">HH", 0x55C4, 0)),
        _box(b"hdlr", 0, 0, b"vide", bytes(12), b"\0"),
        _box(
            b"minf",
            _box(b"vmhd", 1, bytes(8)),
            _box(b"dinf", _box(b"dref", 0, 1, _box(b"url ", _ALWAYS_IN_THIS_FILE))),
            _table(width, height, each, samples, start),
        ),
    )
    return _box(b"moov", header, _box(b"trak", _box(b"tkhd", *shown), media))


def _table(width: int, height: int, each: int, samples: Sequence[bytes], start: int) -> bytes:
    return _box(
        b"stbl",
        _box(b"stsd", 0, 1, _sample_entry(width, height)),
        _box(b"stts", 0, 1, len(samples), each),
        _box(b"stsc", 0, 1, 1, len(samples), 1),
        _box(b"stsz", 0, 0, len(samples), *map(len, samples)),
        _box(b"stco", 0, 1, start),
    )


def _sample_entry(width: int, height: int) -> bytes:
    sequence, pictures = sequence_parameters(width, height), picture_parameters()
    config = (
        b"\1" + sequence[1:4] + b"\xff"
        + b"\xe1" + struct.pack(">H", len(sequence)) + sequence
        + b"\1" + struct.pack(">H", len(pictures)) + pictures
    )  # fmt: skip
    size = struct.pack(">HH", width, height)
    dpi = 72 << 16
    depth = struct.pack(">Hh", 24, -1)
    return _box(
        b"avc1",
        bytes(6),
        b"\0\1",
        bytes(16),
        size,
        dpi,
        dpi,
        0,
        b"\0\1",
        bytes(32),
        depth,
        _box(b"avcC", config),
    )
