"""`civgen form`: what is shown, where it comes from, how two differ, and the schema."""

import json

import jsonschema_rs
import pytest

from civgen.catalog import Catalog
from civgen.engines.registry import Engines
from civgen.jobs.features import known_features
from civgen.jobs.form_explained import explain_field
from civgen.jobs.forms import absent_fields, show_form
from civgen.jobs.platform import Platform

CASE = ["-e", "Veo3", "-w", "img2vid:ref2vid"]


def by_key(entries):
    return {one["key"]: one for one in entries}


def test_a_form_shows_what_would_change_each_field_and_what_is_not_here(run):
    shown = run("form", "show", "-e", "Veo3", "--json").json
    assert "workflow = img2vid:ref2vid: fixed 8" in by_key(shown["fields"])["duration"]["conditions"]
    assert "images" not in by_key(shown["fields"])
    assert "problems" not in shown
    table = run("form", "show", "-e", "Veo3").stdout
    assert "workflow = img2vid:ref2vid: fixed 8" in table
    assert "shown if workflow = img2vid" in table


def test_values_that_do_not_fit_are_noted_beside_the_form_and_missing_ones_are_not(run):
    words = ["form", "show", *CASE, "--set", "duration=4", "--set", "sed=1"]
    done = run(*words)
    assert done.code == 0
    assert "duration is fixed at 8 s" in done.stderr
    assert "references always give 8 s" in done.stderr
    problems = {one["field"]: one for one in run(*words, "--json").json["problems"]}
    assert problems.keys() == {"duration", "sed"}
    assert problems["sed"]["hint"] == "Did you mean seed?"


@pytest.mark.parametrize("command", [["form", "show"], ["form", "validate"], ["form", "schema"], ["preview"]])
def test_a_feature_that_nothing_asks_for_is_refused_with_the_one_meant(run, command):
    done = run(*command, "-e", "SDXL", "--feature", "wan22Multi", "--json")
    assert done.code == 4
    assert done.json["error"]["hint"] == "Did you mean wan22MultiStep?"


def test_features_are_known_from_what_asks_for_them(workspace):
    (workspace / "ecosystems" / "SDXL.toml").write_text(
        'override = true\n[[form.steps.when]]\nmatch = { feature = "slowDay" }\nmax = 20\n'
    )
    platform = Platform(Catalog(workspace), Engines())
    assert {"slowDay", "wan22MultiStep", "enhancedCompatibilitySdcpp"} <= known_features(platform)


def test_explaining_a_field_names_every_layer_with_its_place(run, workspace):
    (workspace / "ecosystems" / "SDXL.toml").write_text("override = true\n\n[form.steps]\nmax = 40\n")
    said = run("form", "show", "-e", "SDXL", "--tier", "free", "--explain", "steps", "--json").json
    parts = [(one["part"], one["value"], one["owner"], one["stands"]) for one in said["parts"]]
    assert ("max", 50, "engine text-to-image", False) in parts
    assert ("max", 40, "ecosystem SDXL", True) in parts
    places = {(one["part"], one["owner"]): one["where"] for one in said["parts"]}
    assert places["max", "engine text-to-image"]["file"].endswith("text_to_image.py")
    assert places["max", "ecosystem SDXL"] | {"column": 1} == {
        "file": "ecosystems/SDXL.toml", "line": 4, "column": 1, "field": "form.steps.max",
    }  # fmt: skip
    assert "ecosystems/SDXL.toml:4" in run("form", "show", "-e", "SDXL", "--explain", "steps").stdout


def test_explaining_tells_conditions_tiers_and_versions(run):
    duration = run("form", "show", *CASE, "--explain", "duration", "--json").json["parts"]
    fixed = next(one for one in duration if one["part"] == "fixed")
    assert (fixed["condition"], fixed["applies"], fixed["stands"]) == (
        "workflow = img2vid:ref2vid",
        True,
        True,
    )
    assert "hidden" not in {one["part"] for one in duration}
    quantity = run("form", "show", "-e", "SDXL", "--explain", "quantity", "--json").json["parts"]
    assert ("max", "tier free") in {(one["part"], one["owner"]) for one in quantity}
    ratio = run("form", "show", "-e", "Flux1", "--explain", "aspectRatio", "--json").json["parts"]
    assert "version 1088507 (Ultra)" in {one["owner"] for one in ratio}


def test_every_part_of_every_field_has_a_place(platform):
    for ecosystem in (one for one in platform.catalog.all_ecosystems() if one.engine):
        raw = {"ecosystem": ecosystem.key}
        shown = show_form(raw, platform)
        for key in (*(field["key"] for field in shown["fields"]), *absent_fields(raw, platform)):
            for part in explain_field(raw, platform, key)["parts"]:
                assert part["where"]["line"], (ecosystem.key, key, part)


def test_two_forms_are_compared_part_by_part(run):
    compared = run("form", "show", "--diff", "Veo3", "Kling", "--json").json
    assert compared["only_left"] == ["generateAudio", "version"]
    assert compared["only_right"] == ["cfgScale"]
    assert {"key": "duration", "part": "default", "left": 8, "right": "5"} in compared["differ"]
    assert "prompt" in compared["same"]
    assert "has it" in run("form", "show", "--diff", "Veo3", "Kling").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show", "-e", "SDXL", "--explain", "stepz"], 4, "Did you mean steps?"),
        (["show", "-e", "SDXL", "--diff", "SDXL", "Pony"], 2, "--diff"),
        (["show", "--explain", "steps", "--diff", "SDXL", "Pony"], 2, "together"),
        (["show", "--diff", "SDXL", "Nope"], 4, "Nope"),
        (["schema"], 2, "--ecosystem"),
        (["schema", "-e", "Nope"], 4, "Nope"),
        (["schema", "-e", "Veo3", "--model", "5"], 4, "5"),
        (["schema", "-e", "SDXL", "-w", "txt2vid"], 2, "txt2vid"),
        (["schema", "-w", "txt2img"], 2, "ecosystem"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_way_on(run, words, code, said):
    done = run("form", *words)
    assert done.code == code
    assert said in done.stderr


def test_the_schema_is_one_document_that_judges_requests(run):
    schema = run("form", "schema", "-e", "Veo3").json
    assert schema["$schema"].endswith("2020-12/schema")
    assert "follows an image" in schema["description"]
    judge = jsonschema_rs.Draft202012Validator(schema)
    request = {"ecosystem": "Veo3", "prompt": "a fox", "duration": 6}
    image = {"url": "https://a.example/i.png", "width": 4, "height": 3}
    assert judge.is_valid(request)
    assert not judge.is_valid(request | {"duration": 7})
    assert not judge.is_valid(request | {"workflow": "img2vid:ref2vid", "images": [image]})
    assert judge.is_valid(request | {"workflow": "img2vid:ref2vid", "images": [image], "duration": 8})
    narrow = run("form", "schema", "-e", "Veo3", "-w", "img2vid", "--model", "2082027", "--json").json
    assert not jsonschema_rs.is_valid(narrow, request)
    assert json.dumps(narrow).count("$ref") == 1
    tool = run("form", "schema", "-w", "vid2vid:upscale").json
    assert jsonschema_rs.is_valid(tool, {"workflow": "vid2vid:upscale", "video": "https://a.example/v.mp4"})


def test_an_engine_that_is_not_the_one_at_work_is_refused(run):
    done = run("form", "validate", "-e", "Veo3", "-p", "x", "--set", "engine=kling", "--json")
    assert [one["field"] for one in done.json["error"]["details"]] == ["engine"]
    assert done.json["error"]["details"][0]["allowed"] == ["veo3"]


def test_how_short_and_how_long_a_text_may_be_is_shown(run, workspace):
    words = "override = true\n[form.prompt]\nmin_length = 3\nmax_length = 5000\n"
    (workspace / "ecosystems/Chroma.toml").write_text(words)
    assert "3 to 5000 characters" in run("form", "show", "-e", "Chroma").stdout
    fields = run("form", "show", "-e", "Chroma", "--json").json["fields"]
    prompt = next(one for one in fields if one["key"] == "prompt")
    assert (prompt["min"], prompt["limit"]) == (3, 5000)
    assert run("preview", "-e", "Chroma", "-p", "ab").code == 2
    words = '[[form.prompt.when]]\nmatch = { workflow = "txt2img" }\nmin_length = 3\nmax_length = 50\n'
    (workspace / "ecosystems/Chroma.toml").write_text(f"override = true\n{words}")
    assert "workflow = txt2img: 3 to 50 characters" in run("form", "show", "-e", "Chroma").stdout
