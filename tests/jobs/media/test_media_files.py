"""What a file is, how large, and whether it is taken."""

import base64
import os
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civgen.errors import InvalidInput
from civgen.jobs.media import limits
from civgen.jobs.media.kinds import kind_of, look
from civgen.jobs.media.mp4 import read_video
from civgen.jobs.media.sources import label_of, names_content, open_source
from civgen.sandbox.media import draw

PNG, JPEG = draw("png", "x", 384, 512), draw("jpeg", "x", 512, 384)
MP4 = draw("mp4", "x", 128, 72, seconds=4)


def refusal(reference, medium="image"):
    with pytest.raises(InvalidInput) as caught:
        open_source(str(reference), medium, "images[0]")
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "image/png"), (JPEG, "image/jpeg"), (MP4, "video/mp4"), (b"GIF89a", "image/gif"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"), (b"\0\0\0\x1cftypavif", "image/avif"),
        (b"\x1aE\xdf\xa3", "video/webm"), (b"<?xml version='1.0'?><svg>", "image/svg+xml"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"), (b"", None), (b"plain text", None),
    ],
)  # fmt: skip
def test_the_first_bytes_tell_the_kind(head, kind):
    assert kind_of(head[:512]) == kind


def test_sizes_are_read(webp):
    assert look(PNG).measures == {"width": 384, "height": 512}
    assert look(JPEG).measures == {"width": 512, "height": 384}
    assert look(webp).measures == {"width": 400, "height": 300}
    assert look(MP4).measures == {"width": 128, "height": 72, "duration": 4, "fps": 2}


def test_a_photo_has_the_size_that_is_shown():
    """A camera held upright stores the picture lying and says so in its Exif."""
    tiff = b"II*\0\x08\0\0\0" + b"\1\0" + struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0) + bytes(4)
    exif = b"Exif\0\0" + tiff
    turned = JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + JPEG[2:]
    assert look(turned).measures == {"width": 384, "height": 512}


def test_a_video_that_was_filmed_upright_has_the_size_that_is_shown():
    identity = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    quarter = struct.pack(">9I", 0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000)
    place = MP4.index(identity, MP4.index(b"tkhd"))
    turned = MP4[:place] + quarter + MP4[place + len(identity) :]
    assert (read_video(turned)["width"], read_video(turned)["height"]) == (72, 128)


@given(st.binary(max_size=300), st.sampled_from([b"", PNG[:40], JPEG[:40], MP4[:400], MP4[:900]]))
def test_nothing_that_is_in_a_file_is_too_much(noise, beginning):
    seen = look(beginning + noise)
    assert all(value > 0 for value in seen.measures.values())


@given(st.sampled_from([PNG, JPEG, MP4]), st.data())
def test_a_file_that_is_cut_anywhere_is_not_whole(data, drawn):
    assert look(data).whole
    cut = look(data[: drawn.draw(st.integers(16, len(data) - 1))])
    assert not cut.whole


def test_the_ending_of_the_name_does_not_count(files):
    (files / "called.png").write_bytes(JPEG)
    assert open_source("called.png", "image", "images[0]").type == "image/jpeg"
    (files / "text.png").write_text("not a picture, though called so")
    assert refusal("text.png") == "is text by its content, not one of PNG, JPEG, WebP"
    assert refusal("fox.mp4") == "is video/mp4 by its content, not one of PNG, JPEG, WebP"
    assert refusal("fox.png", "video") == "is image/png by its content, not one of MP4, MOV"


def test_what_is_no_file_is_refused_and_not_waited_for(files):
    (files / "folder").mkdir()
    (files / "empty.png").touch()
    (files / "cut.png").write_bytes(PNG[:-20])
    assert refusal("gone.png") == "is neither a URL nor a file that is there"
    assert refusal("folder") == "is a directory"
    assert refusal("empty.png") == "is empty"
    assert refusal("cut.png") == "is cut short: its end is missing"
    assert refusal("x" * 5000).startswith("cannot be read")
    assert refusal("nul\0.png").startswith("cannot be read")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
def test_links_and_pipes_are_refused(files):
    (files / "link.png").symlink_to("fox.png")
    (files / "dangling.png").symlink_to("gone.png")
    os.mkfifo(files / "pipe.png")
    assert refusal("link.png") == refusal("dangling.png") == "is a symbolic link, which is not followed"
    assert refusal("pipe.png") == "is no regular file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read anything")
def test_a_file_without_permission_is_refused(files):
    (files / "fox.png").chmod(0)
    assert refusal("fox.png") == "may not be read"


def test_limits_name_their_source(files, monkeypatch):
    wide = draw("png", "x", 3848, 8)
    (files / "wide.png").write_bytes(wide)
    assert refusal("wide.png") == "is 3848x8 pixels: no side may have more than 3840"
    large = limits.LIMITS["image"]
    assert limits.too_large("image", large.size) is None
    with (files / "large.png").open("wb") as file:
        file.truncate(large.size + 1)
    with pytest.raises(InvalidInput, match=r"has 16\.0 MB, more than the 16 MB") as caught:
        open_source("large.png", "image", "images[0]")
    assert large.source in caught.value.hint


def test_a_data_url_is_a_file_too():
    given = "data:image/png;base64," + base64.b64encode(JPEG).decode()
    source = open_source(given, "image", "images[0]")
    assert (source.type, source.size, source.read()) == ("image/jpeg", len(JPEG), JPEG)
    assert len(source.label) < 80 and given not in repr(source)
    assert refusal("data:image/png;base64,!!!!") == "is not valid base64"
    assert refusal("data:image/png") == "is no data URL: it has no comma before its content"
    assert refusal("data:,") == "is empty"
    assert refusal("data:text/plain,hello%20there").startswith("is text by its content")


def test_the_same_content_has_the_same_stand_in_and_another_another(files):
    first = open_source("fox.png", "image", "images[0]")
    assert first.stand_in == open_source("./fox.png", "image", "video").stand_in
    assert first.stand_in.startswith("https://not-uploaded-yet.invalid/fox.png?sha256=")
    (files / "fox.png").write_bytes(draw("png", "other", 384, 512))
    assert first.stand_in != open_source("fox.png", "image", "images[0]").stand_in
    with pytest.raises(InvalidInput, match="changed since"):
        first.read()


def test_an_address_is_no_path():
    assert [names_content(one) for one in ("https://x/a.png", "urn:air:x", "ftp://x")] == [False] * 3
    paths = ("fox.png", "./a:b", "/x/fox.png", r"C:\fox.png", "data:,x", "DATA:,x")
    assert [names_content(one) for one in paths] == [True] * len(paths)
    assert label_of("a/" * 300).endswith("… (600 characters)")
