"""What each kind of field makes of values: strict refuses, repair does what the platform does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civgen.forms.form import Form, Mode
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle, closest_ratio
from civgen.forms.kinds.media import Images
from civgen.forms.kinds.number import Number, Quantity, Seed
from civgen.forms.kinds.resources import ControlNets, ModelVersion, Resources
from civgen.forms.kinds.text import Text

SIZES = [{"value": "2:3", "width": 832, "height": 1216}, {"value": "1:1", "width": 1024, "height": 1024}]
SQUARE = {"value": "1:1", "width": 1024, "height": 1024}
IMAGE = {"url": "https://x/a.png", "width": 2, "height": 1}
NET = {"preprocessor": "canny", "image": {"url": "https://x/a.png"}}

CFG = Number("x", min=1, max=10, step=0.5, default=7)
STEPS = Number("x", min=10, max=50, step=1, default=30)
SHIFT = Number("x", min=1, max=20, step=1, default=8, between=True, outside="default")
DRAFT = Quantity("x", min=4, max=10, step=4, default=4, capped_by="quantity")
CHOICE = Choice("x", options=["a", "b", 8], default="b")
RATIO = AspectRatio("x", options=SIZES, default="1:1")
KEPT_RATIO = AspectRatio("x", options=SIZES, default="1:1", outside="default")
MODELS = ModelVersion("x", options=[{"value": 5, "label": "five"}], locked=True)
OPEN = ModelVersion("x", options=[5])
DRAFTS = ModelVersion("x", options=[5, {"value": 6, "match": {"workflow": ["draft"]}}])
WEIGHED = Resources("x", limit=9, strength={"min": 0, "max": 4})

# field, value, value after repair, message of strict (None: accepted)
CASES = [
    (CFG, 4.5, 4.5, None),
    (CFG, 4.33, 4.5, "is not on a step of 0.5 from 1"),
    (CFG, 99, 10, "is above 10"),
    (CFG, -1, 1, "is below 1"),
    (CFG, "3", 3, "must be a number, not text"),
    (CFG, "abc", 7, "must be a number"),
    (CFG, True, 7, "must be a number"),
    (CFG, float("nan"), 7, "must be a number"),
    (CFG, 10**400, 7, "must be a number"),
    (CFG, 1e308, 10, "is above 10"),
    (STEPS, 24.8, 25, "is not on a step of 1 from 10"),
    (STEPS, 25.0, 25, None),
    (SHIFT, 8.03, 8.03, None),
    (SHIFT, 99, 8, "is above 20"),
    (SHIFT, "20", 20, "must be a number, not text"),
    (DRAFT, 4, 4, None),
    (DRAFT, 2, 4, "is below 4"),
    (DRAFT, 8, 4, "is above 4"),
    (CHOICE, "a", "a", None),
    (CHOICE, 8, 8, None),
    (CHOICE, "8", 8, "is not on offer"),
    (CHOICE, "nope", "b", "is not on offer"),
    (RATIO, "1:1", SQUARE, None),
    (RATIO, SQUARE, SQUARE, None),
    (RATIO, "9:16", SIZES[0], "is not on offer"),
    (RATIO, "foo", SQUARE, "is not on offer"),
    (KEPT_RATIO, "9:16", SQUARE, "is not on offer"),
    (RATIO, {"value": "custom", "width": 700, "height": 1000}, SIZES[0], "is not on offer"),
    (Toggle("x"), True, True, None),
    (Toggle("x"), "yes", False, "must be true or false"),
    (Seed("x"), 42, 42, None),
    (Seed("x"), 0, None, "must be a whole number from 1 to 4294967295, or left out"),
    (Seed("x"), "123", 123, "must be a whole number from 1 to 4294967295, or left out"),
    (Seed("x"), 1.5, None, "must be a whole number from 1 to 4294967295, or left out"),
    (Text("x"), "fox", "fox", None),
    (Text("x"), "  a red\n fox \u00a0\n", "a red\n fox", None),
    (Text("x"), 12, "", "must be text"),
    (OPEN, 7, {"id": 7}, None),
    (DRAFTS, 7, {"id": 7}, None),
    (OPEN, {"id": 7, "baseModel": "SDXL 1.0"}, {"id": 7, "baseModel": "SDXL 1.0"}, None),
    (Images("x", max=2), [IMAGE], [IMAGE], None),
    (Images("x", max=2), IMAGE, [IMAGE], None),
    (Images("x", max=1), [IMAGE, IMAGE], [IMAGE], "takes at most 1 images"),
    (Resources("x", limit=2), [{"id": 1, "strength": 0.5}], [{"id": 1, "strength": 0.5}], None),
    (WEIGHED, [{"id": 1, "strength": 4}, {"id": 2}], [{"id": 1, "strength": 4}, {"id": 2}], None),
    (ControlNets("x", options=["canny"], limit=1), [NET, NET], [], "are more than the 1 allowed"),
    (
        ControlNets("x", options=["canny"], limit=1),
        [{"preprocessor": "x"}],
        [],
        "must be a list of control nets",
    ),
]

# field, value, message: what even the platform refuses
REFUSED = [
    (Text("x", required=True), None, "is required"),
    (Text("x", required=True), "   ", "is required"),
    (Text("x", required=True), 12, "must be text"),
    (Text("x", max_length=3), "four", "has 4 characters, at most 3 are allowed"),
    (Text("x", min_length=3), "no", "has 2 characters, at least 3 are needed"),
    (Text("x", min_length=3), "x", "has 1 character, at least 3 are needed"),
    (Text("x", min_length=3), "  no  ", "has 2 characters, at least 3 are needed"),
    (Images("x"), [], "is required"),
    (
        Images("x"),
        [{"url": "https://x/a.png", "width": 8}],
        "must have a url, and width and height or neither",
    ),
    (Images("x", min=2, max=3), [IMAGE], "needs at least 2 images"),
    (Resources("x", limit=1), [{"id": 1}, {"id": 2}], "are more than the 1 allowed"),
    (Resources("x", limit=1), "lora", "must be a list of resources"),
    (MODELS, 6, "is not a version offered here"),
    (DRAFTS, 6, "is not a version offered here"),
    (
        WEIGHED,
        [{"id": 1, "strength": 1}, {"id": 2, "strength": -0.5}],
        "have a strength that is not taken here",
    ),
    (MODELS, "abc", "must be the number of a model version"),
]

FACTS = {"workflow": "txt2img", "limits": {"quantity": 7}}


def fill(field, value, mode):
    return Form(field).fill({"x": value}, FACTS, mode)


@pytest.mark.parametrize(("field", "value", "repaired", "message"), CASES)
def test_strict_refuses_what_repair_changes_and_both_accept_what_fits(field, value, repaired, message):
    strict, repair = fill(field, value, Mode.STRICT), fill(field, value, Mode.REPAIR)
    assert [problem.message for problem in strict.problems] == ([message] if message else [])
    assert repair.values == {"x": repaired}
    assert not repair.problems
    assert [change.why for change in repair.repairs] == ([message] if message else [])


@pytest.mark.parametrize(("field", "value", "message"), REFUSED)
@pytest.mark.parametrize("mode", list(Mode))
def test_some_values_are_refused_even_under_repair(field, value, message, mode):
    assert [problem.message for problem in fill(field, value, mode).problems] == [message]


def test_a_version_for_other_workflow_keys_is_refused_with_those_it_serves():
    (problem,) = fill(DRAFTS, 6, Mode.STRICT).problems
    assert (problem.allowed, problem.hint) == ([5], "It serves draft.")


def test_a_ratio_that_follows_images_is_the_nearest_of_those_offered_and_not_shown():
    sizes = [*SIZES, {"value": "16:9", "width": 848, "height": 480}]
    ratio = AspectRatio(
        options=sizes, ratios=["1:1", "2:3"], default="1:1", follows="images", why="follows it"
    )
    form = Form(Images(min=0), ratio)
    chosen, derived = form.fill({}, {}), form.fill({"images": [IMAGE]}, {})
    (shown,) = [one for one in chosen.outline() if one["key"] == "aspectRatio"]
    assert [option["value"] for option in shown["options"]] == ["1:1", "2:3"]
    assert derived.values["aspectRatio"] == SQUARE
    assert [one["key"] for one in derived.outline()] == ["images"]
    given = {"images": [IMAGE], "aspectRatio": "2:3"}
    assert [problem.message for problem in form.fill(given, {}).problems] == ["follows it"]
    assert form.fill(given, {}, Mode.REPAIR).values["aspectRatio"] == SQUARE


def test_a_control_net_is_filled_up_with_its_defaults():
    filled = fill(ControlNets("x", options=["canny"], limit=1), [NET], Mode.STRICT)
    assert filled.values["x"] == [{**NET, "mode": "auto", "weight": 1, "startStep": 0, "endStep": 1}]


@given(value=st.one_of(st.floats(), st.integers(), st.text(max_size=5), st.booleans(), st.none()))
@pytest.mark.parametrize("field", [CFG, STEPS, DRAFT, Seed("x"), CHOICE, RATIO, Toggle("x")])
def test_whatever_repair_makes_strict_accepts(field, value):
    repaired = fill(field, value, Mode.REPAIR)
    assert not repaired.problems
    assert not fill(field, repaired.values["x"], Mode.STRICT).problems


@given(st.floats(min_value=0.05, max_value=20))
def test_the_closest_ratio_is_the_closest(ratio):
    candidates = ["16:9", "1:1", "9:16"]
    distance = {"16:9": 16 / 9, "1:1": 1.0, "9:16": 9 / 16}
    chosen = closest_ratio(ratio, candidates)
    assert abs(distance[chosen] - ratio) == min(abs(one - ratio) for one in distance.values())
