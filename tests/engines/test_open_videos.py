"""Wan, LTX, Hunyuan and the retired engines: what goes out, and what is refused before it does."""

import pytest

from civgen.errors import InvalidInput
from civgen.forms.form import Mode
from civgen.jobs.platform import Platform
from civgen.jobs.preview import preview

FOX = {"url": "https://image.example/fox.jpeg", "width": 1024, "height": 768}
SNOW = {"url": "https://image.example/snow.jpeg", "width": 832, "height": 1216}
CLIP = {"url": "https://image.example/fox.mp4", "metadata": {"width": 1280, "height": 720, "duration": 5}}


def steps(platform, ecosystem, mode=Mode.STRICT, records=(), **fields):
    return preview({"ecosystem": ecosystem, "prompt": "a fox", **fields}, platform, records, mode).body[
        "steps"
    ]


def sent(platform, ecosystem, **more):
    (step,) = steps(platform, ecosystem, **more)
    return step["input"]


def refused(platform, ecosystem, **fields):
    with pytest.raises(InvalidInput) as caught:
        preview({"ecosystem": ecosystem, "prompt": "a fox", **fields}, platform)
    return {problem.field: problem for problem in caught.value.details}


def size(step_input):
    return step_input["width"], step_input["height"]


@pytest.fixture(scope="module")
def multi_step(platform):
    return Platform(platform.catalog, platform.engines, features=frozenset({"wan22MultiStep"}))


@pytest.mark.parametrize(
    ("ecosystem", "fields", "expected"),
    [
        ("WanVideo14B_T2V", {}, (480, 480)),
        ("WanVideo14B_T2V", {"resolution": "720p", "aspectRatio": "3:2"}, (1080, 720)),
        ("WanVideo14B_I2V_480p", {"workflow": "img2vid", "images": [FOX]}, (720, 480)),
        ("WanVideo14B_I2V_720p", {"workflow": "img2vid", "images": [SNOW]}, (720, 1080)),
        ("LTXV2", {"workflow": "img2vid", "images": [FOX]}, (720, 480)),
        ("LTXV23", {"workflow": "img2vid", "images": [FOX, SNOW], "resolution": "1080p"}, (1764, 1176)),
        ("LTXV23", {"workflow": "img2vid:ref2vid", "images": [SNOW]}, (1280, 720)),
        ("HyV1", {"aspectRatio": "9:16"}, (480, 848)),
    ],
)
def test_pixels_follow_the_resolution_and_the_ratio_or_the_first_image(platform, ecosystem, fields, expected):
    assert size(sent(platform, ecosystem, **fields)) == expected


def test_a_ratio_that_follows_the_image_is_nobodys_choice(platform):
    fields = {"workflow": "img2vid", "images": [FOX]}
    found = refused(platform, "WanVideo-25-I2V", aspectRatio="16:9", **fields)
    assert found["aspectRatio"].message == "follows the first image"
    assert sent(platform, "WanVideo-25-I2V", **fields)["aspectRatio"] == "1:1"


def test_wan_2_2_is_made_by_fal_unless_the_feature_hands_it_to_comfy(platform, multi_step):
    fal = sent(platform, "WanVideo-22-T2V-A14B", draft=True)
    assert (fal["provider"], fal["useTurbo"], fal["frameRate"]) == ("fal", True, 24)
    assert not {"interpolatorModel", "width", "steps"} & fal.keys()
    video, doubled = steps(multi_step, "WanVideo-22-T2V-A14B", aspectRatio="5:4", duration=3)
    assert (video["input"]["provider"], size(video["input"])) == ("comfy", (608, 480))
    assert (video["input"]["frameRate"], video["metadata"]) == (12, {"suppressOutput": True})
    assert doubled["input"]["video"] == {"$ref": "$0", "path": "output.video.url"}
    assert refused(platform, "WanVideo-22-T2V-A14B", duration=3).keys() == {"duration"}
    assert refused(multi_step, "WanVideo-22-T2V-A14B", draft=True).keys() == {"draft"}


def test_the_shift_of_wan_2_2_is_any_number_within_what_the_provider_takes(platform, multi_step):
    assert sent(platform, "WanVideo-22-T2V-A14B", shift=8.03)["shift"] == 8.03
    assert sent(platform, "WanVideo-22-T2V-A14B", mode=Mode.REPAIR, shift=-9)["shift"] == 8
    assert refused(platform, "WanVideo-22-T2V-A14B", shift=20)["shift"].allowed["max"] == 10
    assert steps(multi_step, "WanVideo-22-T2V-A14B", shift=20)[0]["input"]["shift"] == 20


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"operation": "text-to-video", "aspectRatio": "16:9", "enablePromptExpansion": False}),
        (
            {"workflow": "img2vid", "images": [FOX, SNOW]},
            {"operation": "image-to-video", "startImage": FOX["url"], "endImage": SNOW["url"]},
        ),
        (
            {"workflow": "img2vid:ref2vid", "images": [FOX]},
            {"operation": "reference-to-video", "referenceImages": [FOX["url"]]},
        ),
        ({"workflow": "vid2vid:edit", "video": CLIP}, {"operation": "edit-video", "videoUrl": CLIP["url"]}),
    ],
)
def test_every_operation_of_wan_2_7_has_its_own_shape(platform, fields, expected):
    step = sent(platform, "WanVideo27", **fields)
    assert expected.items() <= step.items()
    assert "cfgScale" not in step


def test_limits_of_wan_2_7_follow_the_workflow_key(platform):
    edit = {"workflow": "vid2vid:edit", "video": CLIP}
    assert refused(platform, "WanVideo27", duration=11, negativePrompt="blur", **edit).keys() == {
        "duration",
        "negativePrompt",
    }
    assert (
        refused(platform, "WanVideo27", aspectRatio="1:1", **edit)["aspectRatio"].message
        == "follows the video"
    )
    assert sent(platform, "WanVideo27", duration=15)["duration"] == 15
    assert refused(platform, "WanVideo27", negativePrompt="x" * 501).keys() == {"negativePrompt"}


def test_a_distilled_ltx_says_its_model_and_has_its_own_guidance_and_steps(platform):
    plain = sent(platform, "LTXV2")
    assert (plain.get("model"), plain["guidanceScale"], plain["steps"]) == (None, 3, 30)
    distilled = sent(platform, "LTXV2", model=2600562)
    assert (distilled["model"], distilled["guidanceScale"], distilled["steps"]) == ("19b-distilled", 1, 8)
    assert refused(platform, "LTXV23", model=2749948, steps=20, cfgScale=2).keys() == {"steps", "cfgScale"}


def test_weights_of_another_maker_go_out_as_the_diffusion_model_or_are_asked_for(platform):
    air = "urn:air:ltxv23:checkpoint:civitai:1@2921800"
    record = {"id": 2921800, "type": "Checkpoint", "air": air, "baseModel": "LTXV 2.3"}
    step = sent(platform, "LTXV23", model=2921800, records=[record])
    assert (step["model"], step["diffusionModel"]) == ("22b-dev", air)
    assert "--resources" in refused(platform, "LTXV23", model=2921800)["model"].hint


def test_ltx_holds_to_both_frames_and_its_longest_video_depends_on_the_resolution(platform):
    frames = {"workflow": "img2vid:first-last", "images": [FOX, SNOW]}
    step = sent(platform, "LTXV23", frameGuideStrength=0.5, **frames)
    assert (step["firstFrame"], step["lastFrame"]) == (FOX["url"], SNOW["url"])
    assert step["frameGuideStrength"] == 0.5
    assert refused(platform, "LTXV23", frameGuideStrength=0.5).keys() == {"frameGuideStrength"}
    assert refused(platform, "LTXV23", resolution="1080p", duration=16)["duration"].allowed["max"] == 15
    assert refused(platform, "LTXV2", duration=7)["duration"].allowed == [3, 5]


def test_several_videos_at_a_time_are_for_members(platform):
    member = Platform(platform.catalog, platform.engines, tier="gold")
    assert sent(member, "LTXV23", quantity=4)["quantity"] == 4
    assert refused(platform, "LTXV23", quantity=4).keys() == {"quantity"}


@pytest.mark.parametrize(
    ("engine", "fields", "expected"),
    [
        ("haiper", {"duration": 2}, {"model": "v2", "duration": 2, "aspectRatio": "1:1", "resolution": 720}),
        ("haiper", {"workflow": "img2vid", "images": [FOX]}, {"sourceImage": FOX["url"]}),
        ("minimax", {"workflow": "img2vid", "images": [FOX]}, {"model": "hailou", "sourceImage": FOX["url"]}),
        (
            "lightricks",
            {"cfgScale": 3.25},
            {"cfgScale": 3.25, "steps": 25, "duration": 5, "expandPrompt": False},
        ),
        ("lightricks", {"workflow": "img2vid", "images": [SNOW]}, {"aspectRatio": "9:16"}),
        ("mochi", {"seed": 7}, {"seed": 7, "enablePromptEnhancer": True}),
    ],
)
def test_a_retired_engine_still_takes_a_request_that_names_it(platform, engine, fields, expected):
    (step,) = preview({"engine": engine, "prompt": "a fox", **fields}, platform).body["steps"]
    assert expected.items() <= step["input"].items()
    assert platform.engines[engine].retirement
