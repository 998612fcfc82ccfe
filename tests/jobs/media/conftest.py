"""Media to give: small files that are what they say."""

from __future__ import annotations

import struct

import pytest

from civgen.sandbox.media import draw


@pytest.fixture
def files(tmp_path):
    """A folder, the current one, with an image and a video; portrait, so that ratios tell."""
    (tmp_path / "fox.png").write_bytes(draw("png", "fox", 384, 512))
    (tmp_path / "fox.jpeg").write_bytes(draw("jpeg", "fox", 512, 384))
    (tmp_path / "fox.mp4").write_bytes(draw("mp4", "fox", 128, 72, seconds=4))
    return tmp_path


@pytest.fixture
def webp():
    """The header of a lossless WebP of 400 by 300 pixels, and a body of nothing."""
    bits = (400 - 1) | (300 - 1) << 14
    chunk = b"\x2f" + struct.pack("<I", bits) + bytes(11)
    body = b"WEBP" + b"VP8L" + struct.pack("<I", len(chunk)) + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body
