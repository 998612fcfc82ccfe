"""The files are what their format says, down to every box and marker."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import pytest

from civgen.sandbox.media import draw

SIZES = [(256, 144), (5, 7), (2, 2)]


def boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The boxes that `data` is made of; together they are all of it."""
    at = 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        assert 8 <= size <= len(data) - at
        yield name.decode(), data[at + 8 : at + size]
        at += size


def inside(data: bytes, *way: str) -> bytes:
    for name in way:
        data = dict(boxes(data))[name]
    return data


def numbers(data: bytes) -> tuple[int, ...]:
    """The 32-bit numbers of a table."""
    return struct.unpack(f">{len(data) // 4}I", data)


class Bits:
    """Reads what H.264 calls u(n) and ue(v)."""

    def __init__(self, data: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in data.replace(b"\0\0\3", b"\0\0"))
        self.at = 0

    def fixed(self, size: int) -> int:
        self.at += size
        return int(self._bits[self.at - size : self.at], 2)

    def golomb(self) -> int:
        zeros = self._bits.index("1", self.at) - self.at
        self.at += zeros
        return self.fixed(zeros + 1) - 1


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_png_holds_all_its_pixels(width: int, height: int) -> None:
    data = draw("png", "fox", width, height)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        chunks[name] = data[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(name + chunks[name])
        at += size + 12
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (width, height)
    lines = zlib.decompress(chunks[b"IDAT"])
    assert len(lines) == height * (3 * width + 1) and not any(lines[:: 3 * width + 1])
    assert len(set(lines)) > 2


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_jpeg_has_every_segment_and_decodes_to_every_block(width: int, height: int) -> None:
    data = draw("jpeg", "fox", width, height)
    assert data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9"
    at, segments = 2, {}
    while 0xDA not in segments:
        marker, size = struct.unpack_from(">xBH", data, at)
        segments[marker] = data[at + 4 : at + 2 + size]
        at += 2 + size
    assert struct.unpack(">BHHB", segments[0xC0][:6]) == (8, height, width, 3)
    bits = "".join(f"{byte:08b}" for byte in data[at:-2].replace(b"\xff\x00", b"\xff"))
    blocks, place = [], 0
    while len(bits) - place >= 8 or "0" in bits[place:]:
        size = int(bits[place : place + 4], 2)
        assert size <= 8 and bits[place + 4 + size] == "0"
        digits = bits[place + 4 : place + 4 + size]
        blocks.append(int(digits or "0", 2) if digits[:1] != "0" else int(digits, 2) - 2**size + 1)
        place += 5 + size
    assert len(blocks) == 3 * -(-width // 8) * -(-height // 8)
    for component in range(3):
        value = 128
        for difference in blocks[component::3]:
            value += difference
            assert 16 <= value <= 240


@pytest.mark.parametrize(("width", "height"), [(128, 72), (72, 128), (2, 2)])
def test_mp4_tells_where_its_frames_are_and_how_long_they_last(width: int, height: int) -> None:
    data = draw("mp4", "fox", width, height, 8)
    assert [name for name, _ in boxes(data)] == ["ftyp", "moov", "mdat"]
    track = inside(data, "moov", "trak")
    assert numbers(inside(track, "tkhd")[-8:]) == (width << 16, height << 16)
    timescale, length = numbers(inside(track, "mdia", "mdhd")[12:20])
    table = inside(track, "mdia", "minf", "stbl")
    frames, each = numbers(inside(table, "stts")[8:])
    assert length / timescale == frames * each / timescale == 8
    sizes = numbers(inside(table, "stsz")[12:])
    (start,) = numbers(inside(table, "stco")[8:])
    assert len(sizes) == frames and start + sum(sizes) == len(data)
    assert data[start - 4 : start] == b"mdat"


@pytest.mark.parametrize(("width", "height"), [(128, 72), (72, 128), (2, 2)])
def test_mp4_frames_are_whole_h264_pictures(width: int, height: int) -> None:
    data = draw("mp4", "fox", width, height, 1)
    table = inside(data, "moov", "trak", "mdia", "minf", "stbl")
    config = inside(inside(table, "stsd")[8:], "avc1")[78:]
    sequence = inside(config, "avcC")[8:]
    bits = Bits(sequence[4:])
    assert [bits.golomb() for _ in range(4)] == [0, 0, 2, 0] and bits.fixed(1) == 0
    columns, rows = bits.golomb() + 1, bits.golomb() + 1
    assert bits.fixed(3) == 0b111
    cut = [bits.golomb() for _ in range(4)]
    assert (columns * 16 - 2 * (cut[0] + cut[1]), rows * 16 - 2 * (cut[2] + cut[3])) == (width, height)
    (start,) = numbers(inside(table, "stco")[8:])
    pictures = []
    for size in numbers(inside(table, "stsz")[12:]):
        assert numbers(data[start : start + 4]) == (size - 4,)
        pictures.append(data[start + 4 : start + size])
        start += size
    for picture in pictures:
        assert picture[0] == 0x65 and picture[-1] == 0x80
        assert not any(bytes([0, 0, n]) in picture for n in range(3))
        assert (len(picture) - 2) // (columns * rows) in (386, 387, 388, 389)
    assert len(set(pictures)) == len(pictures)


def test_the_seed_decides() -> None:
    for ending in ("png", "jpeg", "mp4"):
        assert (
            draw(ending, "fox", 64, 64, 1) == draw(ending, "fox", 64, 64, 1) != draw(ending, "owl", 64, 64, 1)
        )
