"""The contract that civgen carries, and what its checks say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from civgen.errors import InvalidInput, Problem
from civgen.orchestrator.contract import Leaf, load_contract
from civgen.orchestrator.contract.checking import compiled
from civgen.orchestrator.contract.files import BUILT_IN, read_texts

CONTRACT = load_contract()
LEAVES = list(CONTRACT.leaves())
REFERENCE = {"$ref": "$0", "path": "output.images[0].url"}
AIR = "urn:air:sdxl:checkpoint:civitai:101055@128078"
WAN = {"engine": "wan", "version": "v2.7", "operation": "text-to-video", "prompt": "a red fox"}


def each_leaf(leaf: Leaf) -> str:
    return f"{leaf.step_type}/{leaf.name}"


def smallest(schema: dict[str, Any]) -> Any:
    """The least value that `schema` takes: what is required, each at its lower end."""
    if "enum" in schema:
        return _of_branch(schema) if "allOf" in schema else schema["enum"][0]
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")
    if kind == "object":
        return _of_branch(schema) if "allOf" in schema else _object(schema)
    if kind == "array":
        return [smallest(schema["items"])] * schema.get("minItems", 0)
    if kind == "string":
        return _text(schema)
    return {"integer": schema.get("minimum", 0), "number": schema.get("minimum", 0), "boolean": False}[kind]


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: smallest(schema["properties"][name]) for name in schema.get("required", ())}


def _of_branch(schema: dict[str, Any]) -> Any:
    return smallest(schema["allOf"][0]["then"])


def _text(schema: dict[str, Any]) -> str:
    if "air:" in schema.get("pattern", ""):
        return AIR
    return "https://x/y" if schema.get("format") == "uri" else "x" * schema.get("minLength", 0)


def least(leaf: Leaf) -> Any:
    value = smallest(leaf.schema)
    return value | dict(leaf.discriminators) if isinstance(value, dict) else value


def check(step_type: str, given: Any, **own: Any) -> list[Problem]:
    return CONTRACT.check_step({"$type": step_type, "input": given, **own})


def check_wan(**given: Any) -> list[Problem]:
    return check("videoGen", WAN | given)


def texts_of(schema: Any) -> Iterator[str]:
    """Every keyword of a schema and of those below it."""
    for key, value in schema.items():
        yield key
        below = value.values() if key == "properties" else value if isinstance(value, list) else [value]
        for one in below:
            if isinstance(one, dict):
                yield from texts_of(one)


def test_it_covers_what_the_platform_generates_with() -> None:
    wanted = {
        "textToImage",
        "imageGen",
        "videoGen",
        "comfy",
        "preprocessImage",
        "imageUpscaler",
        "videoUpscaler",
    }
    assert wanted | {"videoInterpolation", "imageBackgroundRemoval", "imageUpload"} <= set(
        CONTRACT.step_types
    )
    assert len(CONTRACT.sha256) == 64
    assert len({each_leaf(leaf) for leaf in LEAVES}) == len(LEAVES) == len(read_texts(BUILT_IN)) - 1


@pytest.mark.parametrize("leaf", LEAVES, ids=each_leaf)
def test_every_leaf_takes_its_least_input_and_is_found_by_it(leaf: Leaf) -> None:
    given = least(leaf)
    assert check(leaf.step_type, given) == []
    assert CONTRACT.leaf(leaf.step_type, given) is leaf
    compiled(leaf.schema)
    assert not {"description", "title", "example", "$ref", "discriminator", "readOnly"} & set(
        texts_of(leaf.schema)
    )


@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if "properties" in leaf.schema], ids=each_leaf)
def test_every_field_takes_a_reference_and_the_optional_ones_null(leaf: Leaf) -> None:
    free = leaf.schema["properties"].keys() - leaf.discriminators.keys()
    assert check(leaf.step_type, least(leaf) | dict.fromkeys(free, REFERENCE)) == []
    optional = free - set(leaf.schema.get("required", ()))
    assert check(leaf.step_type, least(leaf) | dict.fromkeys(optional)) == []


@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if "properties" in leaf.schema], ids=each_leaf)
def test_every_leaf_refuses_what_it_does_not_know_and_what_is_missing(leaf: Leaf) -> None:
    required = set(leaf.schema.get("required", ())) - leaf.discriminators.keys()
    found = check(leaf.step_type, {**leaf.discriminators, "no such field": 1})
    assert {problem.field for problem in found} == {
        f"steps[0].input.{name}" for name in {*required, "no such field"}
    }


def test_every_violation_is_listed_with_what_would_be_right() -> None:
    step = {
        "$type": "videoGen",
        "priorty": "low",
        "timeout": "20 minutes",
        "input": {
            "engine": "wan",
            "version": "v2.2",
            "provider": "comfy",
            "duration": 99,
            "sampler": "eulr",
            "seed": 2**40,
            "model": "a model",
            "images": [None, {"$ref": "$0"}],
            "loras": [{"air": AIR}],
        },
    }
    found = {problem.field: problem for problem in CONTRACT.check_step(step, "steps[2]")}
    assert sorted(found) == [
        "steps[2].input.duration",
        "steps[2].input.images[0]",
        "steps[2].input.images[1].path",
        "steps[2].input.loras[0].strength",
        "steps[2].input.model",
        "steps[2].input.prompt",
        "steps[2].input.sampler",
        "steps[2].input.seed",
        "steps[2].priorty",
        "steps[2].timeout",
    ]
    duration = found["steps[2].input.duration"]
    assert (duration.given, duration.message, duration.allowed) == (
        99,
        "must be 1 to 30",
        {"min": 1, "max": 30},
    )
    assert found["steps[2].input.sampler"].hint == "Did you mean euler?"
    assert found["steps[2].priorty"].hint == "Did you mean priority?"
    assert found["steps[2].input.seed"].allowed == {"min": -(2**31), "max": 2**31 - 1}
    assert found["steps[2].input.model"].message == "must be an AIR"
    assert found["steps[2].input.prompt"].message == "is required"
    assert "00:20:00" in found["steps[2].timeout"].message


@pytest.mark.parametrize(
    ("given", "message", "allowed"),
    [
        ({"prompt": 5}, "must be text", ["string"]),
        ({"steps": "many"}, "must be a whole number", ["integer"]),
        ({"steps": 20.5}, "must be a whole number", ["integer"]),
        ({"enablePromptExpansion": "yes"}, "must be true or false", ["boolean"]),
        ({"loras": {}}, "must be a list", ["array"]),
        ({"resolution": "8K"}, "must be one of 720p, 1080p", ["720p", "1080p"]),
        ({"negativePrompt": "x" * 501}, "must be at most 500 characters long", {"max": 500}),
    ],
)
def test_messages_are_plain_words(given: dict[str, Any], message: str, allowed: Any) -> None:
    (problem,) = check_wan(**given)
    assert (problem.field, problem.message, problem.allowed) == (
        f"steps[0].input.{next(iter(given))}",
        message,
        allowed,
    )


def test_null_stands_for_absent_only_where_absence_is_allowed() -> None:
    assert check_wan(steps=None, loras=None, resolution=None) == []
    assert [problem.field for problem in check_wan(prompt=None)] == ["steps[0].input.prompt"]


def test_urls_and_references() -> None:
    assert check("videoUpscaler", {"video": "https://x/y.mp4"}) == []
    assert check("videoUpscaler", {"video": REFERENCE}) == []
    assert [problem.message for problem in check("videoUpscaler", {"video": "y.mp4"})] == ["must be a URL"]
    assert [problem.field for problem in check("videoUpscaler", {"video": REFERENCE | {"more": 1}})] == [
        "steps[0].input.video.more"
    ]


def test_a_long_value_is_cut_in_the_problem() -> None:
    (problem,) = check("videoUpscaler", {"video": "A" * 1_000_000})
    assert len(str(problem.given)) < 300


@pytest.mark.parametrize(
    ("step", "field", "hint"),
    [
        ({"$type": "imagGen", "input": {}}, "$type", "Did you mean imageGen?"),
        ({"input": {}}, "$type", None),
        ({"$type": ["imageGen"], "input": {}}, "$type", None),
        ({"$type": "imageGen"}, "input", None),
        ({"$type": "imageGen", "input": {"engine": REFERENCE}}, "input.engine", None),
        (
            {"$type": "imageGen", "input": {"engine": "flux2", "model": "klien"}},
            "input.model",
            "Did you mean klein?",
        ),
    ],
)
def test_the_first_wrong_discriminator_is_named(step: dict[str, Any], field: str, hint: str | None) -> None:
    (problem,) = CONTRACT.check_step(step)
    assert problem.field == f"steps[0].{field}"
    if hint:
        assert problem.hint == hint


def test_a_leaf_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"input\.engine must be one of") as raised:
        CONTRACT.leaf("imageGen", {"engine": "dream"})
    assert raised.value.details[0].allowed == sorted(raised.value.details[0].allowed)
    with pytest.raises(InvalidInput, match=r"\$type must be one of"):
        CONTRACT.leaf("imageMake", {})


def test_a_body_is_checked_as_a_whole() -> None:
    upload = {"$type": "imageUpload", "input": "https://x/y.png", "timeout": "1.02:00:00", "priority": "low"}
    body = {
        "steps": [upload],
        "tags": ["civitai"],
        "externalId": "a-1",
        "metadata": {"any": {"thing": [None]}},
    }
    assert CONTRACT.check_body(body) == []
    wrong = {
        "steps": [upload, 7, upload | {"input": 7}],
        "tags": ["a" * 201, *map(str, range(10))],
        "externalId": "a b",
        "currencies": ["gold"],
        "tips": {"civitai": 3, "creators": 0},
        "metdata": {},
    }
    assert [problem.field for problem in CONTRACT.check_body(wrong)] == [
        "currencies[0]",
        "externalId",
        "metdata",
        "tags",
        "tags[0]",
        "tips.civitai",
        "steps[1]",
        "steps[2].input",
    ]


@pytest.mark.parametrize(
    ("body", "field"), [({}, "steps"), ({"steps": []}, "steps"), ({"steps": {}}, "steps"), ([], "")]
)
def test_a_body_needs_steps(body: Any, field: str) -> None:
    assert [problem.field for problem in CONTRACT.check_body(body)] == [field]


@pytest.mark.parametrize(
    ("step_type", "given"),
    [
        ("imageGen", {"engine": "seedream", "version": "v5.0-pro", "prompt": "fox"}),
        (
            "imageGen",
            {
                "engine": "comfy",
                "ecosystem": "krea2",
                "model": "raw",
                "operation": "createImage",
                "prompt": "fox",
            },
        ),
        (
            "imageGen",
            {
                "engine": "comfy",
                "ecosystem": "anima",
                "operation": "createImage",
                "prompt": "fox",
                "vaeModel": AIR,
            },
        ),
        ("videoGen", {"engine": "ltx2.3", "prompt": "fox", "duration": 12}),
        ("videoGen", {"engine": "ltx2", "prompt": "fox", "duration": 5}),
        ("videoGen", {"engine": "grok", "version": "v1.0", "prompt": "fox"}),
        ("videoGen", {"engine": "kling", "prompt": "fox"}),
        (
            "videoGen",
            {
                "engine": "seedance",
                "model": "v2.5",
                "prompt": "fox",
                "duration": 30,
                "aspectRatio": "1:1",
                "resolution": "480p",
            },
        ),
        (
            "comfy",
            {
                "comfyWorkflow": {
                    "3": {"class_type": "KSampler", "inputs": {"model": ["4", 0]}, "_meta": {"title": "K"}}
                }
            },
        ),
        ("chatCompletion", {"model": "m", "messages": [{"role": "user", "content": "fox"}]}),
    ],
)
def test_what_the_platform_takes_beyond_the_document(step_type: str, given: dict[str, Any]) -> None:
    assert check(step_type, given) == []


def test_the_built_in_contract_is_loaded_once_and_only_the_validator_is_heavy() -> None:
    assert load_contract() is CONTRACT
    load = "import civgen.orchestrator.contract as contract; contract.load_contract().step_types"
    code = f"import json, sys; {load}; print(json.dumps([*sys.modules]))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(run.stdout)
    assert not {"jsonschema_rs", "httpx", "pydantic", "typer", "rich"} & set(loaded)
