"""Factors that the size or speed of a source medium limits."""

import pytest

from civgen.forms.form import Form, Mode
from civgen.forms.kinds.details import Details
from civgen.forms.kinds.media import Images, Video
from civgen.forms.kinds.scale import Enlargement, Factor, enlarged

VIDEO = Form(
    Video(), Factor("times", of="video", measure="side", limit=2560, options=[2, 3], default=2, required=True)
)
SPEED = Form(
    Video(), Factor("times", of="video", measure="fps", limit=120, options=[2, 3], default=2, required=True)
)
SIZES = [
    {"value": "x1.5", "multiplier": 1.5},
    {"value": "x2", "multiplier": 2},
    {"value": "2K", "resolution": 2048},
]
IMAGES = Form(
    Images(max=3),
    Enlargement(
        "size", of="images", measure="side", limit=4096, options=SIZES, default="x1.5", required=True
    ),
)
TWICE = {"type": "multiplier", "multiplier": 2}


def video(**metadata):
    return {"url": "https://a.example/v.mp4", "metadata": metadata}


def image(width, height):
    return {"url": "https://a.example/i.png", "width": width, "height": height}


def offered(form, **given):
    return [option["value"] for option in form.fill(given, {}).outline()[1].get("options", [])]


def test_only_factors_are_offered_that_keep_the_result_within_the_limit():
    assert offered(VIDEO, video=video(width=480, height=848)) == [2, 3]
    assert offered(VIDEO, video=video(width=480, height=1000)) == [2]
    assert offered(VIDEO, video=video(width=1281, height=720)) == []
    assert offered(SPEED, video=video(fps=40)) == [2, 3]
    assert offered(SPEED, video=video(fps=41)) == [2]


def test_what_is_not_known_of_a_video_limits_nothing():
    assert offered(VIDEO, video="https://a.example/v.mp4") == [2, 3]
    assert offered(VIDEO, video=video(fps=200, width=4000)) == [2, 3]


def test_a_factor_that_is_too_large_gives_way_to_the_largest_that_is_not():
    given = {"video": video(width=1280, height=720), "times": 3}
    (problem,) = VIDEO.fill(given, {}).problems
    assert (problem.field, problem.allowed) == ("times", [2])
    assert VIDEO.fill(given, {}, Mode.REPAIR).values["times"] == 2


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("times", [None, 2])
def test_a_source_that_nothing_keeps_within_the_limit_is_refused_even_under_repair(mode, times):
    (problem,) = VIDEO.fill({"video": video(width=1920, height=1080), "times": times}, {}, mode).problems
    assert problem.field == "times"
    assert "too large" in problem.hint


def test_an_enlargement_must_fit_every_image_and_make_it_larger():
    assert offered(IMAGES, images=[image(1024, 768)]) == ["x1.5", "x2", "2K"]
    assert offered(IMAGES, images=[image(1024, 768), image(768, 2048)]) == ["x1.5", "x2"]
    assert offered(IMAGES, images=[image(1024, 768), image(2100, 900)]) == ["x1.5"]
    assert offered(IMAGES, images=[image(3000, 900)]) == []


@pytest.mark.parametrize("size", [TWICE, "x2"])
def test_an_enlargement_is_named_as_the_platform_does_or_by_its_short_name(size):
    filled = IMAGES.fill({"images": [image(512, 512)], "size": size}, {})
    assert not filled.problems
    assert filled.values["size"] == TWICE


def test_an_enlargement_that_does_not_fit_gives_way_to_the_next_smaller_one():
    given = {"images": [image(2100, 900)], "size": TWICE}
    assert [problem.field for problem in IMAGES.fill(given, {}).problems] == ["size"]
    repaired = IMAGES.fill(given, {}, Mode.REPAIR)
    assert repaired.values["size"] == {"type": "multiplier", "multiplier": 1.5}
    assert [repair.field for repair in repaired.repairs] == ["size"]


@pytest.mark.parametrize(
    ("width", "height", "size", "result"),
    [
        (1024, 768, {"multiplier": 1.5}, (1536, 1152)),
        (768, 1024, {"multiplier": 1.5}, (1152, 1536)),
        (1000, 1000, {"multiplier": 2}, (2048, 2048)),
        (1920, 1080, {"resolution": 3840}, (3840, 2176)),
        (1080, 1920, {"resolution": 2048}, (1152, 2048)),
        (1025, 500, {"multiplier": 1.5}, (1600, 768)),
    ],
)
def test_enlarged_sides_keep_the_ratio_and_end_on_the_grid(width, height, size, result):
    assert enlarged(width, height, size) == result


def test_details_take_any_table_and_nothing_else():
    form = Form(Details("settings"))
    assert form.fill({}, {}).values == {"settings": {}}
    assert form.fill({"settings": {"low": 1}}, {}).values == {"settings": {"low": 1}}
    assert [problem.field for problem in form.fill({"settings": [1]}, {}).problems] == ["settings"]
