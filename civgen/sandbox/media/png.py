"""PNG, as W3C's specification has it: signature, header, one deflated stream of rows, end."""

from __future__ import annotations

import struct
import zlib

from civgen.sandbox.media.mosaic import Colour, Mosaic, tile_side

_EIGHT_BIT_RGB = (8, 2, 0, 0, 0)


def png(mosaic: Mosaic, width: int, height: int) -> bytes:
    """The mosaic in square tiles."""
    side = tile_side(width, height)
    lines = bytearray()
    for row in mosaic.rows(-(-width // side), -(-height // side)):
        line = b"\0" + b"".join(_rgb(colour) * side for colour in row)[: 3 * width]
        lines += line * side
    pixels = zlib.compress(lines[: height * (3 * width + 1)])
    header = struct.pack(">II5B", width, height, *_EIGHT_BIT_RGB)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rgb(colour: Colour) -> bytes:
    luma, blue, red = colour[0], colour[1] - 128, colour[2] - 128
    return bytes(
        max(0, min(255, round(part)))
        for part in (luma + 1.402 * red, luma - 0.344 * blue - 0.714 * red, luma + 1.772 * blue)
    )
