"""Baseline JPEG (ITU-T T.81) of tiles of one colour each, so that a block is its DC coefficient alone."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from civgen.sandbox.media.mosaic import Mosaic

_TILE = 8
_START, _END = b"\xff\xd8", b"\xff\xd9"
#: Quantising by 8 makes the DC coefficient of a flat block its value itself.
_QUANTISATION = b"\x00" + b"\x08" * 64
#: One Huffman table: DC differences of 0 to 8 bits are codes of 4 bits each, in order.
_DC_CODES = b"\x00" + bytes([0, 0, 0, 9, *[0] * 12]) + bytes(range(9))
#: The other: `0` ends a block, and nothing else occurs.
_AC_CODES = b"\x10" + bytes([1, *[0] * 15]) + b"\x00"
_NO_SUBSAMPLING = b"".join(bytes([component, 0x11, 0]) for component in (1, 2, 3))


def jpeg(mosaic: Mosaic, width: int, height: int) -> bytes:
    """The mosaic in tiles of 8 by 8 pixels."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + _NO_SUBSAMPLING
    scan = b"\x03" + bytes([1, 0, 2, 0, 3, 0]) + b"\x00\x3f\x00"
    bits = "".join(_blocks(mosaic, -(-width // _TILE), -(-height // _TILE)))
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    return (
        _START
        + _segment(0xE0, b"JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + _segment(0xDB, _QUANTISATION)
        + _segment(0xC0, frame)
        + _segment(0xC4, _DC_CODES + _AC_CODES)
        + _segment(0xDA, scan)
        + data
        + _END
    )


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _blocks(mosaic: Mosaic, columns: int, rows: int) -> Iterator[str]:
    before = [128, 128, 128]
    for row in mosaic.rows(columns, rows):
        for colour in row:
            for component, value in enumerate(colour):
                yield _difference(value - before[component]) + "0"
                before[component] = value


def _difference(value: int) -> str:
    """Its number of bits, and those; a negative number is sent as the complement of its absolute value."""
    size = value.bit_length()
    bits = value if value >= 0 else value + (1 << size) - 1
    return f"{size:04b}" + (f"{bits:0{size}b}" if size else "")
