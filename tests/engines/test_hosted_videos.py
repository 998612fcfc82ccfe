"""Videos of hosted models: what goes out, and what is refused before it does."""

import pytest

from civgen.errors import InvalidInput
from civgen.forms.form import Mode
from civgen.jobs.forms import show_form
from civgen.jobs.preview import preview

FOX = {"url": "https://image.example/fox.jpeg", "width": 1024, "height": 768}
TALL = {"url": "https://image.example/tall.jpeg", "width": 832, "height": 1216}
CLIP = {
    "url": "https://video.example/fox.mp4",
    "metadata": {"fps": 24, "width": 1280, "height": 720, "duration": 4.2},
}
BOTH = [FOX["url"], TALL["url"]]
KLING_1_6, KLING_3, VIDU_Q3, SEEDANCE_2, HAPPY_HORSE_1_0 = 2623815, 2698632, 2741273, 2864671, 2902378


def sent(platform, ecosystem, workflow="txt2vid", mode=Mode.STRICT, **fields):
    raw = {"ecosystem": ecosystem, "workflow": workflow, "prompt": "a fox", **fields}
    (step,) = preview(raw, platform, (), mode).body["steps"]
    assert step["$type"] == "videoGen"
    return step["input"]


def refused(platform, ecosystem, workflow="txt2vid", mode=Mode.STRICT, **fields):
    with pytest.raises(InvalidInput) as caught:
        preview(
            {"ecosystem": ecosystem, "workflow": workflow, "prompt": "a fox", **fields}, platform, (), mode
        )
    return {problem.field: problem for problem in caught.value.details}


def shown(platform, ecosystem, workflow="txt2vid", **fields):
    fields = show_form({"ecosystem": ecosystem, "workflow": workflow, **fields}, platform)["fields"]
    return {field["key"]: field for field in fields}


def sizes(platform, ecosystem, **fields):
    options = shown(platform, ecosystem, **fields)["aspectRatio"]["options"]
    return {option["value"]: (option["width"], option["height"]) for option in options}


def test_only_kling_1_6_has_modes_and_none_before_3_takes_a_seed(platform):
    made = sent(platform, "Kling", model=KLING_1_6)
    assert (made["model"], made["mode"]) == ("v1.6", "standard")
    made = sent(platform, "Kling", seed=5)
    assert made["model"] == "v2.5-turbo"
    assert not {"mode", "seed", "enablePromptEnhancer", "quantity"} & made.keys()
    assert "none" in shown(platform, "Kling")["seed"]["why"]


def test_kling_3_goes_to_an_engine_of_its_own_with_frames_and_references(platform):
    three = {"model": KLING_3, "images": [FOX, TALL]}
    made = sent(platform, "Kling", "img2vid", **three)
    assert (made["engine"], made["operation"]) == ("kling-v3", "image-to-video")
    assert [made["sourceImage"], made["endImage"]] == BOTH
    assert "aspectRatio" not in made
    made = sent(platform, "Kling", "img2vid:ref2vid", **three)
    assert (made["operation"], made["images"], made["aspectRatio"]) == ("reference-to-video", BOTH, "1:1")
    assert "sourceImage" not in made


def test_a_last_frame_for_an_older_kling_is_refused_with_the_version_that_takes_it(platform):
    problem = refused(platform, "Kling", "img2vid:first-last", images=[FOX, TALL])["images"]
    assert (problem.allowed, problem.hint) == ({"min": 1, "max": 1}, "only version 3 takes a last frame")


@pytest.mark.parametrize(("ecosystem", "more"), [("Kling", {"model": KLING_3}), ("Grok", {})])
def test_lengths_are_whole_and_one_out_of_range_is_forgotten(platform, ecosystem, more):
    assert refused(platform, ecosystem, duration=8.7, **more).keys() == {"duration"}
    default = sent(platform, ecosystem, **more)["duration"]
    assert sent(platform, ecosystem, mode=Mode.REPAIR, duration=8.7, **more)["duration"] == 9
    assert sent(platform, ecosystem, mode=Mode.REPAIR, duration=99, **more)["duration"] == default


def test_a_prompt_left_out_names_vidus_references_by_their_places(platform):
    made = sent(platform, "Vidu", "img2vid:ref2vid", images=[FOX, TALL], prompt=None)
    assert (made["prompt"], made["images"], made["model"]) == ("[@image1],[@image2]", BOTH, "q1")
    assert sent(platform, "Vidu", "img2vid", images=[FOX], prompt=None)["prompt"] == ""


def test_a_draft_of_vidu_q3_is_its_turbo_mode_and_its_sizes_follow_the_resolution(platform):
    made = sent(platform, "Vidu", model=VIDU_Q3, draft=True, resolution="360p", aspectRatio="4:3")
    assert (made["engine"], made["turbo"], made["aspectRatio"]) == ("vidu-q3", True, "4:3")
    for resolution, size in [("360p", (480, 360)), ("540p", (720, 540)), ("1080p", (1440, 1080))]:
        assert sizes(platform, "Vidu", model=VIDU_Q3, resolution=resolution)["4:3"] == size


def test_only_the_large_seedance_goes_up_to_1080p(platform):
    assert sent(platform, "Seedance")["model"] == "v2-mini"
    assert refused(platform, "Seedance", resolution="1080p").keys() == {"resolution"}
    assert sent(platform, "Seedance", model=SEEDANCE_2, resolution="1080p")["model"] == "v2"
    assert sizes(platform, "Seedance", resolution="480p")["21:9"] == (1344, 576)


def test_happy_horse_says_its_source_under_the_name_of_each_operation(platform):
    assert sent(platform, "HappyHorse", "img2vid", images=[FOX])["image"] == FOX["url"]
    made = sent(platform, "HappyHorse", "img2vid:ref2vid", images=[FOX, TALL], aspectRatio="5:4")
    assert (made["operation"], made["images"], made["aspectRatio"]) == ("referenceToVideo", BOTH, "5:4")
    made = sent(platform, "HappyHorse", "vid2vid:edit", images=[FOX], video=CLIP, audioSetting="origin")
    assert (made["sourceVideo"], made["referenceImages"]) == (CLIP["url"], [FOX["url"]])
    assert (made["version"], made["audioSetting"]) == ("v1.0", "origin")
    assert refused(platform, "HappyHorse", model=HAPPY_HORSE_1_0, aspectRatio="5:4").keys() == {"aspectRatio"}


def test_sora_is_told_its_operation_and_its_shape_only_without_an_image(platform):
    made = sent(platform, "Sora2", resolution="1080p")
    assert (made["operation"], made["aspectRatio"]) == ("text-to-video", "9:16")
    made = sent(platform, "Sora2", "img2vid", images=[FOX])
    assert made["operation"] == "image-to-video" and "aspectRatio" not in made
    assert refused(platform, "Sora2", seed=2**31).keys() == {"seed"}


def test_grok_has_one_engine_for_images_and_one_for_videos(platform):
    (image,) = preview({"ecosystem": "Grok", "prompt": "a fox"}, platform).body["steps"]
    assert (image["$type"], image["input"]["engine"]) == ("imageGen", "grok")
    made = sent(platform, "Grok", resolution="480p")
    assert (made["engine"], made["version"], made["operation"]) == ("grok", "v1.0", "text-to-video")


def test_the_ratio_of_groks_videos_follows_what_they_start_from(platform):
    made = sent(platform, "Grok", "img2vid", images=[TALL])
    assert (made["aspectRatio"], made["images"]) == ("2:3", [TALL["url"]])
    assert refused(platform, "Grok", "img2vid", images=[TALL], aspectRatio="1:1").keys() == {"aspectRatio"}
    made = sent(platform, "Grok", "vid2vid:edit", video=CLIP)
    assert (made["operation"], made["videoUrl"]) == ("edit-video", CLIP["url"])
    assert made["analyzedDuration"] == 5 and "aspectRatio" not in made


def test_grok_refers_to_one_image_and_says_what_it_leaves_out_under_repair(platform):
    refers = {"ecosystem": "Grok", "workflow": "img2vid:ref2vid", "prompt": "a fox", "images": [FOX, TALL]}
    assert refused(platform, **refers)["images"].hint == "this version starts from one image"
    result = preview(refers, platform, (), Mode.REPAIR)
    assert result.body["steps"][0]["input"]["images"] == [FOX["url"]]
    assert [repair.field for repair in result.repairs] == ["images"]


@pytest.mark.parametrize(("ecosystem", "workflow"), [("Grok", "img2vid"), ("Kling", "img2vid:ref2vid")])
def test_some_need_a_prompt_with_images_too(platform, ecosystem, workflow):
    assert refused(platform, ecosystem, workflow, images=[FOX], prompt=None).keys() == {"prompt"}
