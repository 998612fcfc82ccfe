"""Requests that need no ecosystem, and workflow keys that go over to others."""

import json

import pytest

from civgen.engines.pricing import price_step
from civgen.errors import InvalidInput
from civgen.forms.form import Mode
from civgen.jobs.forms import show_form
from civgen.jobs.preview import preview
from civgen.jobs.submit import offline_price

FOX = {"url": "https://image.example/fox.jpeg", "width": 1024, "height": 768}
OTHER = {"url": "https://image.example/other.jpeg", "width": 832, "height": 1216}
CLIP = {
    "url": "https://video.example/fox.mp4",
    "metadata": {"fps": 24, "width": 1280, "height": 720, "duration": 5},
}
UPSCALE = {"workflow": "img2img:upscale", "images": [FOX]}
KLING_LEGACY, KLING_3, VIDU_Q3 = 2623815, 2698632, 2741273


def refused(platform, raw, records=(), mode=Mode.STRICT):
    with pytest.raises(InvalidInput) as caught:
        preview(raw, platform, records, mode)
    return {problem.field: problem for problem in caught.value.details}


def inputs(platform, raw, mode=Mode.STRICT):
    return [step["input"] for step in preview(raw, platform, mode=mode).body["steps"]]


def test_a_tool_needs_no_ecosystem_and_its_body_names_none(platform):
    body = preview({"workflow": "vid2vid:interpolate", "video": CLIP}, platform).body
    (step,) = body["steps"]
    assert (step["$type"], step["timeout"]) == ("videoInterpolation", "00:20:00")
    assert step["input"] == {"video": CLIP["url"], "interpolationFactor": 2}
    assert body["tags"] == ["civgen", "gen", "vid", "vid2vid:interpolate"]
    assert "ecosystem" not in body["metadata"]["params"]


def test_the_engine_of_a_tool_stands_for_its_workflow_key(platform):
    body = preview({"engine": "video-upscale", "video": CLIP}, platform).body
    assert body["tags"][-1] == "vid2vid:upscale"
    assert body["steps"][0]["input"] == {"video": CLIP["url"], "scaleFactor": 2}


def test_an_ecosystem_for_a_tool_is_refused_or_left_out_under_repair(platform):
    raw = {**UPSCALE, "ecosystem": "SDXL"}
    assert refused(platform, raw).keys() == {"ecosystem"}
    result = preview(raw, platform, mode=Mode.REPAIR)
    assert [repair.field for repair in result.repairs] == ["ecosystem"]
    assert result.body == preview(UPSCALE, platform).body


def test_every_image_is_enlarged_in_a_step_of_its_own_by_the_upscaler(platform):
    raw = {**UPSCALE, "images": [FOX, OTHER], "upscaleSelection": "x2", "outputFormat": "png"}
    first, second = inputs(platform, raw)
    sizes = [one["comfyWorkflow"]["24"]["inputs"] for one in (first, second)]
    assert [(size["width"], size["height"]) for size in sizes] == [(2048, 1536), (1664, 2432)]
    assert first["comfyWorkflow"]["12"]["inputs"]["format"] == "png"
    loader = first["comfyWorkflow"]["23"]["inputs"]
    assert loader == {"model_name": "urn:air:other:upscaler:civitai:147759@164821"}
    assert not any("CheckpointLoader" in node["class_type"] for node in first["comfyWorkflow"].values())
    metadata = json.loads(first["imageMetadata"])
    assert metadata["resources"] == [{"modelVersionId": 164821, "type": "Upscaler"}]


def test_another_upscaler_is_used_and_what_is_none_is_refused(platform):
    mine = {"id": 7, "type": "Upscaler", "air": "urn:air:other:upscaler:civitai:6@7"}
    raw = {**UPSCALE, "upscaler": 7}
    step = preview(raw, platform, [mine]).body["steps"][0]
    assert step["input"]["comfyWorkflow"]["23"]["inputs"]["model_name"] == mine["air"]
    assert refused(platform, raw)["upscaler"].given == 7
    found = refused(platform, raw, [{**mine, "type": "LORA"}], Mode.REPAIR)
    assert found["upscaler"].message == "is a LORA, not an Upscaler"


def test_a_background_is_removed_from_the_image_given(platform):
    (made,) = inputs(platform, {"workflow": "img2img:remove-background", "images": [FOX]})
    assert made["comfyWorkflow"]["3"]["inputs"]["image"] == FOX["url"]


def test_settings_of_a_preprocessor_are_those_of_the_contract(platform):
    raw = {"workflow": "img2img:preprocess", "images": [FOX], "preprocessKind": "canny"}
    (made,) = inputs(platform, {**raw, "kindParams": {"lowThreshold": 50}})
    assert made == {"kind": "canny", "image": FOX["url"], "resolution": 512, "lowThreshold": 50}
    assert "lowThreshold" in str(list(refused(platform, {**raw, "kindParams": {"lowThreshold": 500}})))
    assert "radius" in str(list(refused(platform, {**raw, "kindParams": {"radius": 1}})))


def test_every_preprocessor_of_the_contract_is_on_offer(platform):
    shown = show_form({"workflow": "img2img:preprocess"}, platform)
    kinds = next(field for field in shown["fields"] if field["key"] == "preprocessKind")["options"]
    for option in kinds:
        raw = {"workflow": "img2img:preprocess", "images": [FOX], "preprocessKind": option["value"]}
        assert inputs(platform, raw)[0]["kind"] == option["value"]


def test_the_form_of_a_tool_is_shown_by_its_workflow_key(platform, run):
    shown = show_form(UPSCALE, platform)
    assert (shown["ecosystem"], shown["engine"], shown["version"]) == (None, "image-upscale", None)
    assert [field["key"] for field in shown["fields"]][-2:] == ["upscaleSelection", "upscaler"]
    assert run("form", "show", "--workflow", "vid2vid:upscale").stdout.startswith(
        "vid2vid:upscale · engine video-"
    )


# Cells of the recipe pages; for video ×2, whose cells do not follow the page's own formula, the formula.
@pytest.mark.parametrize(
    ("step_type", "said", "source", "buzz"),
    [
        ("convertImage", {}, {}, 1),
        ("imageUpscaler", {"numberOfRepeats": 1}, {"width": 2048, "height": 2048}, 10),
        ("imageUpscaler", {"numberOfRepeats": 2}, {"width": 1024, "height": 1024}, 8),
        ("imageBackgroundRemoval", {}, {"width": 512, "height": 768}, 6),
        ("imageBackgroundRemoval", {}, {"width": 1024, "height": 1024}, 7),
        ("imageBackgroundRemoval", {}, {"width": 2048, "height": 2048}, 9),
        ("imageBackgroundRemoval", {}, {"width": 4096, "height": 4096}, 18),
        ("videoUpscaler", {"scaleFactor": 2}, {"width": 1280, "height": 720, "fps": 24, "duration": 5}, 105),
        ("videoInterpolation", {}, {"width": 1280, "height": 720, "fps": 24, "duration": 5}, 35),
        (
            "videoInterpolation",
            {"interpolationFactor": 3},
            {"width": 1280, "height": 720, "fps": 24, "duration": 10},
            114,
        ),
    ],
)
def test_a_tool_costs_what_is_published_for_the_medium_that_goes_in(platform, step_type, said, source, buzz):
    step = {"$type": step_type, "input": {"image": "x", **said}}
    assert price_step({**step, "source": source}, platform.engines).total == buzz
    if source:
        assert price_step(step, platform.engines) is None


def test_the_price_of_a_tool_is_known_where_the_request_tells_of_its_medium(platform):
    assert (
        offline_price(preview({"workflow": "vid2vid:interpolate", "video": CLIP}, platform), platform) == 35
    )
    untold = {"workflow": "vid2vid:interpolate", "video": CLIP["url"]}
    assert offline_price(preview(untold, platform), platform) is None


@pytest.mark.parametrize("mode", list(Mode))
def test_first_and_last_frame_is_carried_out_as_image_to_video(platform, mode):
    raw = {"ecosystem": "Vidu", "workflow": "img2vid:first-last", "images": [FOX, OTHER], "prompt": "a fox"}
    result = preview(raw, platform, mode=mode)
    assert result.body["tags"][3:] == ["img2vid", "Vidu"]
    made = result.body["steps"][0]["input"]
    assert (made["sourceImage"], made["endSourceImage"]) == (FOX["url"], OTHER["url"])
    assert not result.repairs


def test_references_without_images_become_text_to_video_under_repair(platform):
    raw = {"ecosystem": "Kling", "workflow": "img2vid:ref2vid", "prompt": "a fox"}
    assert "images" in refused(platform, raw)
    result = preview(raw, platform, mode=Mode.REPAIR)
    assert result.body["tags"][3] == "txt2vid"


def test_a_version_says_what_it_does_in_place_of_what_it_cannot(platform):
    raw = {
        "ecosystem": "Vidu",
        "workflow": "img2vid:ref2vid",
        "model": VIDU_Q3,
        "images": [FOX],
        "prompt": "a fox",
    }
    assert refused(platform, raw).keys() == {"model"}
    result = preview(raw, platform, mode=Mode.REPAIR)
    assert result.body["tags"][3] == "img2vid"
    assert result.values["model"]["id"] == VIDU_Q3
    assert [repair.field for repair in result.repairs] == ["workflow"]


@pytest.mark.parametrize("mode", list(Mode))
def test_no_other_version_is_run_than_the_one_asked_for(platform, mode):
    raw = {"ecosystem": "Kling", "workflow": "img2vid:ref2vid", "images": [FOX], "prompt": "a fox"}
    assert "model" in refused(platform, {**raw, "model": KLING_LEGACY}, mode=mode)
    assert preview(raw, platform, mode=mode).values["model"]["id"] == KLING_3


def test_a_version_may_be_the_default_of_some_workflow_keys_only(platform):
    edit = {
        "ecosystem": "HappyHorse",
        "workflow": "vid2vid:edit",
        "images": [FOX],
        "video": CLIP,
        "prompt": "snow",
    }
    assert inputs(platform, edit)[0]["version"] == "v1.0"
    assert inputs(platform, {"ecosystem": "HappyHorse", "prompt": "snow"})[0]["version"] == "v1.1"


def test_the_one_source_image_of_older_requests_is_taken_under_repair(platform):
    raw = {"ecosystem": "Kling", "workflow": "img2vid", "prompt": "a fox", "sourceImage": FOX}
    assert {"images", "sourceImage"} <= refused(platform, raw).keys()
    result = preview(raw, platform, mode=Mode.REPAIR)
    assert result.body["steps"][0]["input"]["sourceImage"] == FOX["url"]
    assert [repair.field for repair in result.repairs] == ["sourceImage"]
