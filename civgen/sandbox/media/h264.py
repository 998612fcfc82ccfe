"""ITU-T H.264 as plainly as it goes: constrained baseline, whole pictures, raw macroblocks (I_PCM)."""

from __future__ import annotations

import re

from civgen.sandbox.media.mosaic import Mosaic

_BLOCK = 16
_PROFILE = bytes([66, 0b11000000, 30])  # baseline, also constrained; level 3
_SEQUENCE, _PICTURE_SET, _WHOLE_PICTURE = 0x67, 0x68, 0x65
#: What may not occur in a unit, for it would look like the start of another.
_LOOKS_LIKE_A_START = re.compile(rb"\0\0(?=[\0-\3])")


class _Bits:
    """Bits in a row, most significant first."""

    def __init__(self) -> None:
        self.text = ""

    def fixed(self, value: int, size: int) -> _Bits:
        self.text += f"{value:0{size}b}"
        return self

    def golomb(self, *values: int) -> _Bits:
        """Exp-Golomb codes of numbers from 0."""
        for value in values:
            digits = f"{value + 1:b}"
            self.text += "0" * (len(digits) - 1) + digits
        return self

    def aligned(self) -> bytes:
        """With zeros up to a whole byte."""
        text = self.text + "0" * (-len(self.text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")

    def ended(self) -> bytes:
        """With the stop bit of a unit."""
        return self.fixed(1, 1).aligned()


def sequence_parameters(width: int, height: int) -> bytes:
    """The unit that says how large the pictures are; both sides even."""
    columns, rows = _blocks(width), _blocks(height)
    bits = _Bits().golomb(0, 0, 2, 0).fixed(0, 1)  # id, 4-bit frame numbers, output in order, no references
    bits.golomb(columns - 1, rows - 1).fixed(0b11, 2)  # frames, not fields
    cut = (columns * _BLOCK - width) // 2, (rows * _BLOCK - height) // 2
    bits.fixed(1, 1).golomb(0, cut[0], 0, cut[1]).fixed(
        0, 1
    )  # cropped at the right and bottom; no more to say
    return _unit(_SEQUENCE, _PROFILE + bits.ended())


def picture_parameters() -> bytes:
    """The unit that says how pictures are coded: as plainly as possible."""
    bits = _Bits().golomb(0, 0).fixed(0, 2).golomb(0, 0, 0).fixed(0, 3).golomb(0, 0, 0)
    return _unit(_PICTURE_SET, bits.fixed(0b100, 3).ended())  # deblocking is up to the picture


def picture(mosaic: Mosaic, width: int, height: int, time: float, number: int) -> bytes:
    """One whole picture, in tiles of 16 by 16 pixels.

    Args:
        time: of the mosaic.
        number: of the picture; neighbours must differ.
    """
    raw = _Bits().golomb(25).aligned()  # after the first, every macroblock begins on a whole byte
    head = _Bits().golomb(0, 7, 0).fixed(0, 4).golomb(number % 2).fixed(0, 2)
    data = bytearray(head.golomb(0, 1).golomb(25).aligned())  # no deblocking; the first macroblock's type
    for n, (luma, blue, red) in enumerate(
        colour for row in mosaic.rows(_blocks(width), _blocks(height), time) for colour in row
    ):
        data += (raw if n else b"") + bytes([luma]) * 256 + bytes([blue]) * 64 + bytes([red]) * 64
    return _unit(_WHOLE_PICTURE, bytes(data) + _Bits().ended())


def _blocks(side: int) -> int:
    return -(-side // _BLOCK)


def _unit(kind: int, data: bytes) -> bytes:
    return bytes([kind]) + _LOOKS_LIKE_A_START.sub(b"\0\0\3", data)
