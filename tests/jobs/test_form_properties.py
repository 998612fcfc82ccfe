"""Every form of the built-in scope under random values: nothing breaks it, its schema agrees with strict."""

from __future__ import annotations

import json
import os
from functools import cache

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civgen.catalog import Catalog
from civgen.engines.registry import Engines
from civgen.errors import CivgenError
from civgen.forms.form import Mode
from civgen.jobs.form_schema import request_schema, tool_schema
from civgen.jobs.platform import Platform
from civgen.jobs.preview import validate
from civgen.jobs.request import read_request

TIERS = {tier: Platform(Catalog(), Engines(), tier=tier) for tier in ("free", "gold")}
PLATFORM = TIERS["free"]
ECOSYSTEMS = [one.key for one in PLATFORM.catalog.all_ecosystems() if one.engine]
TOOLS = [one.key for one in PLATFORM.catalog.workflows.records if one.engine]
FORMS = [*(("ecosystem", key) for key in ECOSYSTEMS), *(("workflow", key) for key in TOOLS)]

#: Examples a form and property, always the same ones; other numbers look elsewhere every time.
FEW = 30
MANY = int(os.environ.get("FORM_EXAMPLES", FEW))
THOROUGH = settings(
    max_examples=MANY, deadline=None, derandomize=MANY == FEW, suppress_health_check=list(HealthCheck)
)
for_each_form = pytest.mark.parametrize(("named", "key"), FORMS, ids=[key for _, key in FORMS])

WORDS = st.sampled_from(
    [
        "id",
        "value",
        "url",
        "width",
        "height",
        "strength",
        "type",
        "model",
        "metadata",
        "image",
        "preprocessor",
        "fps",
    ]
)
NUMBERS = st.one_of(
    st.integers(-3, 5000),
    st.sampled_from([0.5, 1.0, 7.5, 8.0, 0.30000000000000004, 1e-12, -0.0, 1e15, 2**31, 2**53 + 1]),
)
PLAIN = st.one_of(st.none(), st.booleans(), NUMBERS, st.text("ab: \x1c\u2028é😀", max_size=4))
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=8
)
#: What is no JSON, or only in name.
WILD = st.one_of(
    JSON,
    st.sampled_from(
        [float("nan"), float("inf"), -float("inf"), 10**400, -(10**400), 1e308, "\ud800", [[]] * 3]
    ),
    st.recursive(
        st.sampled_from([float("nan"), 10**400, "\ud800"]), lambda i: st.dictionaries(WORDS, i), max_leaves=3
    ),
)


URL = "https://a.example/i.png"


def image(draw):
    side = st.sampled_from([1, 64, 512, 768, 1365, 1366, 1638, 1639, 2047, 2048, 2731, 4096, 5000])
    url = draw(
        st.sampled_from([URL, URL, URL, "urn:air:sdxl:x", "HTTP://a", "ftp://a", "data:image/png;base64,AA"])
    )
    sizes = st.sampled_from(
        [{"width": draw(side), "height": draw(side)}] * 5 + [{}, {"width": None}, {"width": 5}]
    )
    return draw(st.sampled_from([url, *[{"url": url} | draw(sizes)] * 5]))


def video(draw):
    side, speed = (
        st.sampled_from([None, 640, 853, 854, 1280, 1281, 4000]),
        st.sampled_from([None, 24, 40, 41, 60, 61]),
    )
    told = {"width": draw(side), "height": draw(side), "fps": draw(speed)}
    return draw(
        st.sampled_from([URL, {"url": URL}, {"url": URL, "metadata": told}, {"url": "v", "metadata": told}])
    )


def entry(draw, numbers):
    number = draw(st.sampled_from([*numbers, 42, 4242]))
    strength = draw(st.sampled_from([None, 0, 0.8, 4, 4.5, -1]))
    return draw(st.sampled_from([number, {"id": number}, {"id": number, "strength": strength}]))


def number(draw, shown):
    """An end, one step in or out from it, or half a step."""
    step = shown.get("step") or 0.5
    low = shown.get("min") or 0
    high = shown.get("max", low + 10 * step)
    at = draw(
        st.sampled_from(
            [low, high, low + step, high - step, high + step, low - step, low + step / 2, float(high)]
        )
    )
    return draw(st.sampled_from([round(at, 9), at]))


def option(draw, shown):
    values = [one["value"] for one in shown.get("options") or () if isinstance(one, dict)] or ["none"]
    value = draw(st.sampled_from(values))
    return draw(st.sampled_from([value, {"value": value}, {"value": value, "width": 5}]))


def net(draw, shown):
    names = [one["value"] for one in shown.get("options") or () if isinstance(one, dict)]
    said = {"preprocessor": draw(st.sampled_from([*names[:3], "none"])), "image": image(draw)}
    return said | draw(
        st.sampled_from([{}, {"weight": 2}, {"weight": 2.5}, {"startStep": None}, {"endStep": 1}])
    )


def likely(draw, one, shown):  # noqa: C901
    """A value that has a fair chance to fit."""
    match one.kind:
        case "images":
            most = min(shown.get("max", 1), 12)
            images = [image(draw) for _ in range(draw(st.integers(0, most + 1)))]
            return images[0] if len(images) == 1 and draw(st.booleans()) else images
        case "video":
            return video(draw)
        case "text":
            length = shown.get("max_length") or 10
            return draw(
                st.sampled_from(
                    ["a fox", "", " \u3000", "x" * length, "x" * (length + 1), " " * (length + 1)]
                )
            )
        case "number" | "quantity":
            return number(draw, shown)
        case "seed":
            return draw(st.sampled_from([1, 7, 7.0, 0, 2**31 - 1, 2**31, 2**32 - 1, 2**32]))
        case "toggle":
            return draw(st.booleans())
        case "model" | "resource":
            known = [option["value"] for option in one.properties.get("options") or ()]
            return entry(draw, known)
        case "resources":
            return [entry(draw, []) for _ in range(draw(st.integers(0, 10)))]
        case "controlNets":
            return [net(draw, shown) for _ in range(draw(st.integers(0, 2)))]
        case "enlargement" if draw(st.booleans()):
            return draw(
                st.sampled_from(
                    [{"type": "multiplier", "multiplier": 2}, {"type": "resolution", "resolution": 2048}]
                )
            )
        case "details":
            return {"a": 1}
    return option(draw, shown)


def fitting(draw, one, shown, fields):
    """The field with a value that it takes, or no value: then it starts with its default."""
    if shown.get("hidden") or one.key in fields:
        return {}
    if one.kind == "images":
        return {one.key: [image(draw) for _ in range(draw(st.integers(shown["min"], min(shown["max"], 8))))]}
    if one.key == "prompt":
        return {one.key: "a fox"}
    value = likely(draw, one, shown)
    return {} if one.is_missing(value) or one.read(value, shown, {}).problem else {one.key: value}


def form_of(named, key, workflow, model, platform):
    if named == "workflow":
        return platform.tool_form(key, platform.engines[platform.catalog.workflows[key].record.engine])
    ecosystem = platform.catalog.ecosystem(key)
    return platform.form(key, platform.engines[platform.catalog.engine_of(ecosystem, workflow, model)])


@st.composite
def requests(draw, named, key, odd=JSON):
    """A request for one form, all of whose values fit, but for those of a few fields."""
    platform = TIERS[draw(st.sampled_from(list(TIERS)))]
    raw = {named: key}
    workflow, model = key, None
    if named == "ecosystem":
        ecosystem = platform.catalog.ecosystem(key)
        workflow = draw(st.sampled_from(ecosystem.workflows))
        if workflow != ecosystem.workflows[0] or draw(st.booleans()):
            raw["workflow"] = workflow
        serving = [version.id for version in ecosystem.versions if version.serves(workflow)]
        model = draw(
            st.sampled_from(
                [None, *serving, *serving, *(version.id for version in ecosystem.versions[:1]), 4242]
            )
        )
    form = form_of(named, key, workflow, model or 0, platform)
    spoilt = draw(st.lists(st.sampled_from(form.keys), max_size=2))
    fields, facts = {}, platform.facts(workflow)
    if model:
        fields["model"] = draw(st.sampled_from([model, float(model), {"id": model}]))
    for index, one in enumerate(form.fields):
        shown = form.fill(fields, facts).shown[index][1]
        if one.key in spoilt:
            fields[one.key] = draw(odd) if draw(st.integers(0, 3)) == 3 else likely(draw, one, shown)
        elif shown.get("required") or draw(st.booleans()):
            fields |= fitting(draw, one, shown, fields)
    raw |= fields
    if draw(st.integers(0, 19)) == 19:
        raw[draw(st.sampled_from(["promt", "tags", "engine", "baseModel", "externalId", "workflow"]))] = draw(
            odd
        )
    return platform, raw


def strict(raw, platform):
    """Whether strict takes a request, leaving aside who its resources are."""
    try:
        request = read_request(raw, platform)
    except CivgenError:
        return False, None
    return not (request.problems or request.filled.problems), request


@cache
def checker(named, key, tier):
    platform = TIERS[tier]
    schema = request_schema(platform, key) if named == "ecosystem" else tool_schema(platform, key)
    return jsonschema_rs.Draft202012Validator(schema)


@for_each_form
@THOROUGH
@given(data=st.data())
def test_the_schema_takes_what_strict_takes(named, key, data):
    platform, raw = data.draw(requests(named, key))
    raw = json.loads(json.dumps(raw))
    taken, request = strict(raw, platform)
    fits = checker(named, key, platform.tier).is_valid(raw)
    if "data:" in json.dumps(raw):  # the gap of media: what a data URL holds is read
        return
    follows = request and any(
        "derived" in shown and raw.get(one.key) is not None for one, shown in request.filled.shown
    )
    if follows:  # the gap of that name: the schema takes any of the ratios
        assert fits or not taken
    else:
        assert fits == taken, request and request.filled.problems


@for_each_form
@THOROUGH
@given(data=st.data())
def test_no_value_breaks_a_form(named, key, data):
    platform, raw = data.draw(requests(named, key, odd=WILD))
    for mode in Mode:
        try:
            validate(raw, platform, mode=mode)
        except CivgenError as error:
            assert error.exit_code in (2, 4)
            json.dumps(error.as_json(), default=str)


@for_each_form
@THOROUGH
@given(data=st.data())
def test_repair_leaves_alone_what_strict_takes_and_its_outcome_is_taken(named, key, data):
    platform, raw = data.draw(requests(named, key))
    taken, strictly = strict(raw, platform)
    try:
        repaired = read_request(raw, platform, Mode.REPAIR)
    except CivgenError:
        assert not taken
        return
    if taken:
        assert repaired.filled.values == strictly.filled.values
        assert not (repaired.repairs or repaired.filled.repairs)
    if repaired.problems or repaired.filled.problems:
        return
    home = {"ecosystem": repaired.ecosystem.key} if repaired.ecosystem else {}
    again = {**home, "workflow": repaired.workflow, **repaired.filled.values}
    taken, request = strict(again, platform)
    assert taken, (again, request and [*request.problems, *request.filled.problems])
    assert request.filled.values == repaired.filled.values
