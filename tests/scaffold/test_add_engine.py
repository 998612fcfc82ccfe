"""`civgen add-engine`: from the contract to an engine that builds what the contract takes."""

import tomllib
from runpy import run_path

import pytest
from trees import tree

from civgen.catalog import Catalog
from civgen.testing import CHECKPOINT, build_in, form_in, preview_in

SORA = ("add-engine", "my-sora", "--media", "video", "--wire", "sora")
USED = ("--ecosystem", "MySora", "--license", "OpenAI", "--version-id", "90000001")
FILES = ["engines/video/my_sora.py", "ecosystems/MySora.toml", "tests/test_my_sora.py"]
IMAGE = {"url": "https://example.com/fox.png", "width": 640, "height": 480}


def test_an_engine_its_ecosystem_and_its_test_can_generate_at_once(run, house):
    done = run(*SORA, *USED, "--json")
    assert done.code == 0
    assert done.json["written"] == FILES
    assert {row["table"] for row in done.json["rows"]} >= {"ModelVersion", "EcosystemCheckpoints"}
    assert run("lint").code == 0
    (step,) = preview_in(house, ecosystem="MySora", prompt="a fox", duration=8, resolution="1080p", seed=5)[
        "steps"
    ]
    assert step["$type"] == "videoGen"
    assert step["input"] == {
        "engine": "sora",
        "operation": "text-to-video",
        "aspectRatio": "auto",
        "duration": 8,
        "resolution": "1080p",
        "usePro": False,
        "seed": 5,
        "prompt": "a fox",
    }


def test_the_form_has_the_limits_and_defaults_of_the_contract(run, house):
    run(*SORA, *USED)
    fields = {field["key"]: field for field in form_in(house, ecosystem="MySora")["fields"]}
    assert (fields["duration"]["min"], fields["duration"]["max"], fields["duration"]["default"]) == (4, 12, 4)
    assert [option["value"] for option in fields["aspectRatio"]["options"]] == ["auto", "16:9", "9:16"]


@pytest.mark.parametrize("more", [(), USED])
def test_the_same_command_again_changes_nothing_and_says_so(run, house, more):
    run(*SORA, *more)
    before = tree(house)
    done = run(*SORA, *more)
    assert done.code == 0 and "Nothing to do" in done.stdout
    assert tree(house) == before


def test_a_dry_run_shows_the_diff_and_writes_no_byte(run, house):
    before = tree(house)
    dry = run(*SORA, *USED, "--dry-run", "--json").json
    assert tree(house) == before
    assert dry["written"] == [] and all(f"+++ b/{path}" in dry["diff"] for path in FILES)
    assert run(*SORA, *USED, "--json").json["diff"] == dry["diff"]


def test_a_module_that_was_edited_is_never_overwritten(run, house):
    run(*SORA)
    with (house / FILES[0]).open("a") as module:
        module.write("\n# ours\n")
    before = tree(house)
    done = run(*SORA, "--json")
    assert done.code == 8 and FILES[0] in done.json["error"]["message"]
    assert tree(house) == before


URL = IMAGE["url"]
VIDEO = {"url": "https://example.com/fox.mp4"}
SIZE = {"size": "1536x1024"}
EXTEND, PRO = {"operation": "extendVideo"}, {"operation": "proCreateImage"}
#: What the contract's inputs differ in: discriminators, media in, sizes, LoRAs, the checkpoint, and what
#: a version says. Each with its workflow key, fields to give, and what of the step must come of them.
INPUTS = [
    ("image grok operation=createImage", "txt2img", {"quantity": 2}, {"aspectRatio": "1:1", "quantity": 2}),
    ("image grok operation=editImage", "img2img:edit", {"images": [IMAGE]}, {"images": [URL]}),
    ("image seedream", "txt2img", {"cfgScale": 3}, {"guidanceScale": 3, "width": 1024, "height": 1024}),
    ("image comfy ecosystem=sdxl operation=createImage", "txt2img", {"steps": 30}, {"model": CHECKPOINT.air}),
    (
        "image comfy ecosystem=sdxl operation=createVariant",
        "img2img",
        {"images": [IMAGE]},
        {"image": URL},
    ),
    ("image openai model=gpt-image-1 operation=createImage", "txt2img", SIZE, SIZE),
    ("video sora operation=image-to-video", "img2vid", {"images": [IMAGE]}, {"images": [URL]}),
    ("video grok", "txt2vid", {"duration": 6}, {"operation": "text-to-video", "duration": 6}),
    ("video minimax", "txt2vid", {}, {"engine": "minimax"}),
    ("video mochi", "txt2vid", {"seed": 9}, {"seed": 9}),
    ("video ltx2 operation=createVideo", "img2vid", {"images": [IMAGE]}, {"generateAudio": True}),
    ("video grok", "img2vid", {"images": [IMAGE]}, {"operation": "image-to-video", "aspectRatio": "auto"}),
    ("video grok", "vid2vid:edit", {"video": VIDEO}, {"operation": "edit-video", "videoUrl": VIDEO["url"]}),
    ("video happyHorse version=v1.0", "img2vid", {"images": [IMAGE]}, {"image": URL}),
    ("video happyHorse version=v1.0", "img2vid:ref2vid", {"images": [IMAGE]}, {"images": [URL]}),
    ("video ltx2", "img2vid", {"images": [IMAGE] * 2}, {"firstFrame": URL, "lastFrame": URL}),
    ("video ltx2", "vid2vid:edit", {"video": VIDEO, **EXTEND, "numFrames": 9}, {**EXTEND, "numFrames": 9}),
    ("video kling-v3", "img2vid:ref2vid", {"images": [IMAGE]}, {"operation": "reference-to-video"}),
    ("image fal model=qwen2", "txt2img", PRO, PRO),
    ("image sdcpp ecosystem=sdxl", "img2img", {"images": [IMAGE]}, {"operation": "createVariant"}),
    ("video wan version=v2.5 operation=text-to-video", "txt2vid", {}, {"version": "v2.5", "provider": "fal"}),
]


@pytest.mark.parametrize(("made_of", "workflow", "fields", "wanted"), INPUTS)
def test_many_kinds_of_input_become_engines_whose_steps_the_contract_takes(
    run, house, made_of, workflow, fields, wanted
):
    media, wire, *choices = made_of.split()
    chosen = [word for choice in choices for word in ("--set", choice)]
    assert run("add-engine", "my-own", "--media", media, "--wire", wire, *chosen).code == 0
    (step,) = build_in(house, "my-own", workflow, prompt="a fox", **fields)
    assert wanted.items() <= step["input"].items()


#: The workflow keys of an engine, each with its operations, by what the contract calls them.
OPERATIONS = {
    ("video", "sora"): "txt2vid=text-to-video img2vid=image-to-video",
    ("video", "grok"): "txt2vid=text-to-video img2vid=image-to-video vid2vid:edit=edit-video",
    ("video", "ltx2"): "txt2vid=createVideo img2vid=firstLastFrameToVideo vid2vid:edit=editVideo|extendVideo",
    ("image", "grok"): "txt2img=createImage img2img:edit=editImage",
    (
        "image",
        "sdcpp",
        "ecosystem=flux2Dev",
    ): "txt2img=createImage img2img=createVariant img2img:edit=editImage",
    ("video", "happyHorse", "version=v1.0"): "txt2vid=textToVideo img2vid=imageToVideo"
    " img2vid:ref2vid=referenceToVideo vid2vid:edit=videoEdit",
    # It starts from videos alone, of which no form takes several: it is left out.
    ("video", "wan", "version=v2.6"): "txt2vid=text-to-video img2vid=image-to-video",
}


@pytest.mark.parametrize("made_of", OPERATIONS)
def test_all_operations_of_a_model_are_one_engine(run, house, made_of):
    media, wire, *choices = made_of
    chosen = [word for choice in choices for word in ("--set", choice)]
    run("add-engine", "my-own", "--media", media, "--wire", wire, *chosen)
    names = run_path(str(house / "engines" / media / "my_own.py"))["OPERATIONS"]
    told = [f"{key}={one if isinstance(one, str) else '|'.join(one)}" for key, one in names.items()]
    assert " ".join(told) == OPERATIONS[made_of]


def test_an_operation_that_no_form_can_start_is_said(run, house):
    notes = run(
        "add-engine", "my-wan", "--wire", "wan", "--media", "video", "--set", "version=v2.6", "--json"
    ).json["notes"]
    assert any("reference-to-video" in note for note in notes)
    assert "reference-to-video" in (house / "engines/video/my_wan.py").read_text()


def test_workflow_keys_can_be_chosen_and_go_to_the_input_that_takes_their_media(run, house):
    run(*SORA, "--workflow", "txt2vid", "--workflow", "img2vid:ref2vid")
    (step,) = build_in(house, "my-sora", "img2vid:ref2vid", prompt="a fox", images=[IMAGE])
    assert step["input"]["operation"] == "image-to-video"


def test_what_it_makes_follows_from_the_contract(run, house):
    assert run("add-engine", "my-own", "--engine", "veo3").code == 0
    assert (house / "engines/video/my_own.py").exists()


def test_what_only_a_version_can_say_is_an_option(run, house):
    run(
        "add-engine",
        "my-ltx",
        "--media",
        "video",
        "--wire",
        "ltx2",
        *USED[:-1],
        "90000002",
        "--engine-option",
        "model=19b-distilled",
    )
    assert Catalog(house).ecosystem("MySora").versions[0].engine == {"model": "19b-distilled"}
    request = {"ecosystem": "MySora", "prompt": "a fox", "workflow": "img2vid", "images": [IMAGE]}
    assert preview_in(house, **request)["steps"][0]["input"]["model"] == "19b-distilled"
    assert run("lint").code == 0


def test_an_ecosystem_that_could_not_generate_does_with_the_engine(run, house):
    (house / "ecosystems/MySora.toml").write_text(
        '# ours\nkey = "MySora"\nid = 20000\nname = "My Sora"\ndescription = "Only listed so far."\n'
    )
    assert run(*SORA, *USED).code == 0
    file = tomllib.loads((house / "ecosystems/MySora.toml").read_text())
    assert (file["engine"], file["workflows"], file["description"]) == (
        "my-sora",
        ["txt2vid", "img2vid"],
        "Only listed so far.",
    )
    assert run("lint").code == 0
    before = tree(house)
    assert run(*SORA, *USED).code == 0 and tree(house) == before


def test_the_name_of_a_built_in_engine_is_taken(refused):
    problems = refused("add-engine", "veo3", "--media", "video")
    assert problems["KEY"]["where"]["file"].endswith("video/veo3.py")


REFUSED = [
    (("x", "--wire", "grok"), "--media", ["image", "video"]),
    (("x", "--wire", "groc"), "--wire", "Did you mean grok?"),
    (("groc",), "--wire", "Did you mean grok?"),
    (("x",), "--wire", "Pass --wire NAME: `civgen contract list` shows them all."),
    (("x", "--media", "image"), "--wire", "Pass --wire NAME: `civgen contract list` shows them all."),
    (("x", "--wire", "flux1-kontext"), "--set", ["dev", "max", "pro"]),
    (("x", "--wire", "flux1-kontext", "--set", "model=deb"), "--set", "Did you mean dev?"),
    (("x", "--media", "image", "--wire", "groc"), "--wire", "Did you mean grok?"),
    (("x", "--media", "video", "--wire", "sora", "--set", "operatoin=y"), "--set", "Did you mean operation?"),
    (("x", "--media", "video", "--wire", "sora", "--step", "imageGen"), "--step", ["videoGen"]),
    (("x", "--media", "video", "--wire", "sora", "--workflow", "txt2img"), "--workflow", None),
    (
        ("x", "--media", "video", "--wire", "sora", "--workflow", "txt2vidd"),
        "--workflow",
        "Did you mean txt2vid?",
    ),
    (("x", "--media", "music"), "--media", None),
    (("../x", "--media", "image"), "KEY", None),
    (("x", "--wire", "sora", "--workflow", "vid2vid:edit"), "--workflow", ["txt2vid", "img2vid"]),
    (
        (
            "x",
            "--wire",
            "wan",
            "--step",
            "videoGen",
            "--set",
            "version=v2.6",
            "--set",
            "operation=reference-to-video",
        ),
        "--set",
        None,
    ),
    (("x", "--wire", "ltx2.3", "--set", "operation=audioToVideo"), "sourceAudio", None),
    (("x", "--step", "aceStepAudio"), "--step", ["imageGen", "videoGen"]),
    (("x", "--wire", "sdcpp", "--set", "ecosystem=flux1"), "--engine-option", "an AIR"),
    (
        ("x", "--media", "video", "--wire", "sora", "--license", "MIT"),
        "--license",
        "Add --ecosystem KEY, or leave them out.",
    ),
    (("x", "--media", "video", "--wire", "sora", "--ecosystem", "X"), "--checkpoint", None),
    (
        ("x", "--media", "image", "--wire", "fal", "--set", "model=krea2", "--set", "operation=createImage"),
        "imageStyleReferences",
        None,
    ),
]


@pytest.mark.parametrize(("words", "field", "wanted"), REFUSED)
def test_what_cannot_be_made_is_refused_with_the_choices(refused, words, field, wanted):
    problem = refused("add-engine", *words)[field]
    assert wanted is None or wanted in (problem["hint"], problem["allowed"])


def test_problems_of_engine_and_ecosystem_are_listed_together(refused):
    problems = refused(
        "add-engine", "veo3", "--media", "video", "--wire", "veo33", "--step", "imageGen",
        "--ecosystem", "X", "--license", "Apach 2.0", "--version-id", "128078",
    )  # fmt: skip
    assert set(problems) == {"KEY", "--step", "--wire", "--license", "--checkpoint"}


def test_the_least_length_of_a_text_is_taken_over(run, house):
    mai = ("--media", "image", "--wire", "fal", "--set", "model=maiImage", "--set", "operation=createImage")
    run("add-engine", "mai", *mai, "--ecosystem", "Mai", "--license", "OpenAI", "--version-id", "90000001")
    assert run("lint").code == 0
    refused = run("preview", "--ecosystem", "Mai", "--prompt", "ox", "--json")
    assert [one["allowed"] for one in refused.json["error"]["details"]] == [{"min": 3}]
