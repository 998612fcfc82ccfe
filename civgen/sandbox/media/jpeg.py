"""Baseline JPEG (ITU-T T.81) of tiles of one colour each, so that a block is its DC coefficient alone."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from civgen.sandbox.media.mosaic import Colour, Mosaic, tile_side

_BLOCK = 8
_START, _END = b"\xff\xd8", b"\xff\xd9"
#: Quantising by 8 makes the DC coefficient of a flat block its value itself.
_QUANTISATION = b"\x00" + b"\x08" * 64
#: One Huffman table: DC differences of 0 to 8 bits are codes of 4 bits each, in order.
_DC_CODES = b"\x00" + bytes([0, 0, 0, 9, *[0] * 12]) + bytes(range(9))
#: The other: `0` ends a block, and nothing else occurs.
_AC_CODES = b"\x10" + bytes([1, *[0] * 15]) + b"\x00"
#: A block like the one before it: three differences of no bits, and three ends.
_SAME = "00000" * 3
_NO_SUBSAMPLING = b"".join(bytes([component, 0x11, 0]) for component in (1, 2, 3))


def jpeg(mosaic: Mosaic, width: int, height: int) -> bytes:
    """The mosaic in square tiles of whole blocks."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + _NO_SUBSAMPLING
    scan = b"\x03" + bytes([1, 0, 2, 0, 3, 0]) + b"\x00\x3f\x00"
    bits = "".join(_rows(mosaic, width, height))
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


def _rows(mosaic: Mosaic, width: int, height: int) -> Iterator[str]:
    """Row by row of blocks; below its first row a row of tiles repeats itself, for it follows its own end."""
    side = tile_side(width, height)
    across, down = -(-width // _BLOCK), -(-height // _BLOCK)
    repeats, before = side // _BLOCK, (128, 128, 128)
    for row in mosaic.rows(-(-width // side), -(-height // side)):
        first = _blocks(row, before, repeats, across)
        before = row[-1]
        yield from [first, *[_blocks(row, before, repeats, across)] * (min(repeats, down) - 1)]
        down -= repeats


def _blocks(row: Sequence[Colour], before: Colour, repeats: int, across: int) -> str:
    """One row of blocks, each as its difference from the one before it."""
    text = []
    for colour in row:
        text.append(
            "".join(_difference(value - last) + "0" for value, last in zip(colour, before, strict=True))
        )
        text += [_SAME] * (min(repeats, across) - 1)
        across, before = across - repeats, colour
    return "".join(text)


def _difference(value: int) -> str:
    """Its number of bits, and those; a negative number is sent as the complement of its absolute value."""
    size = value.bit_length()
    bits = value if value >= 0 else value + (1 << size) - 1
    return f"{size:04b}" + (f"{bits:0{size}b}" if size else "")
