"""The sandbox takes what the contract takes, and refuses the rest with the same words."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from asking import IMAGES, UNPRICED, VIDEO, WORKFLOWS, Asking, Clock, body
from hypothesis import given, settings
from hypothesis import strategies as st

from civgen.orchestrator.contract import load_contract

CONTRACT = load_contract()
REFERENCE = {"$ref": "$0", "path": "output.images[0].url"}
DRAFT = {"$type": "textToImage", "input": {"prompt": "a fox", "seed": 1, "cfgScale": 7, "batchSize": 4}}
GRAPH = {"$type": "comfy", "name": "graph", "input": {"comfyWorkflow": {"1": {"inputs": {}}}, "quantity": 2}}
BODIES = [
    body(),
    body(IMAGES, {**UNPRICED, "timeout": "00:20:00", "priority": "low"}, tags=["gen"], metadata={"a": {}}),
    body(DRAFT, GRAPH, tips={"civitai": 0, "creators": 0.5}, externalId="order-1", arguments={"x": 1}),
]
WORDS = [
    "steps",
    "tags",
    "externalId",
    "ephemeral",
    "metadata",
    "input",
    "prompt",
    "name",
    "seed",
    "quantity",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(), below),
    max_leaves=5,
) | st.builds(dict, st.just(REFERENCE))
OBJECT = st.dictionaries(st.text(), ANYTHING, max_size=3)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, but the whole."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*way, key)
        yield from places(part, (*way, key))


@st.composite
def bodies(draw: st.DrawFn) -> Any:
    """A body that is right, but for up to three changes."""
    document = copy.deepcopy(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(0, 3))):
        *way, last = draw(st.sampled_from(sorted(places(document), key=str)))
        holder = document
        for key in way:
            holder = holder[key]
        how = draw(st.sampled_from(["replace", "remove", "add"]))
        if how == "remove" and isinstance(holder, dict):
            del holder[last]
        elif how == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(WORDS) | st.text())] = draw(ANYTHING)
        else:
            holder[last] = draw(ANYTHING)
        if not document:
            break
    return document


@st.composite
def right_bodies(draw: st.DrawFn) -> Any:
    """A body that is right, with anything where anything may stand."""
    document = copy.deepcopy(draw(st.sampled_from(BODIES)))
    for step in document["steps"]:
        words = {"prompt": draw(st.text(min_size=1, max_size=50) | st.builds(dict, st.just(REFERENCE)))}
        step["input"] |= words if "prompt" in step["input"] else {}
        step["metadata"] = draw(OBJECT)
    tags = draw(st.lists(st.text(), max_size=10, unique=True))
    return document | {"metadata": draw(OBJECT), "arguments": draw(OBJECT), "tags": tags}


@pytest.fixture(scope="module")
def quick() -> Iterator[Asking]:
    """A sandbox in which everything ends at once."""
    sandbox = Asking(":memory:", Clock(), {"speed": float("inf")})
    yield sandbox
    sandbox.close()


@settings(max_examples=300, deadline=None)
@given(asked=bodies() | right_bodies() | ANYTHING, whatif=st.booleans())
def test_what_the_contract_takes_is_taken_and_nothing_else(quick: Asking, asked: Any, whatif: bool) -> None:
    problems = CONTRACT.check_body(asked)
    params = {"whatif": str(whatif).lower(), "wait": 1}
    answer = quick.ask("POST", WORKFLOWS, content=json.dumps(asked), params=params)
    if problems:
        assert answer.status_code == 400
        assert set(answer.json()["errors"]) == {problem.field for problem in problems}
    else:
        assert answer.status_code in (200, 202), answer.text
        assert quick.ask("GET", WORKFLOWS, params={"take": 1}).status_code == 200


def test_every_violation_is_named_at_once(quick: Asking) -> None:
    wrong = body(
        {"$type": "videoGen", "input": {"engine": "veo3", "duration": 99}}, tags=["a", "a"], prioity=1
    )
    errors = quick.ask("POST", WORKFLOWS, json=wrong).json()["errors"]
    assert {"steps[0].input.duration", "steps[0].input.prompt", "tags", "prioity"} <= set(errors)
    assert all(message for messages in errors.values() for message in messages)


def test_an_unknown_step_type_is_answered_with_the_known_ones(quick: Asking) -> None:
    errors = quick.ask("POST", WORKFLOWS, json=body({**VIDEO, "$type": "vidGen"})).json()["errors"]
    assert "videoGen" in errors["steps[0].$type"][0]
