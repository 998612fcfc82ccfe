"""A form as a whole: one pass, conditions on what came before, layers, and every problem at once."""

import pytest

from civgen.forms.conditions import condition
from civgen.forms.field import change_of
from civgen.forms.form import Form, Mode
from civgen.forms.kinds.choice import Choice
from civgen.forms.kinds.media import Images
from civgen.forms.kinds.number import Number
from civgen.forms.kinds.text import Text

FIXED = {
    "match": {"workflow": "ref"},
    "options": [8],
    "fixed": 8,
    "disabled": True,
    "why": "references give 8 s",
}
FORM = Form(
    Images(max=3, when=[{"unless": {"workflow": ["ref", "img"]}, "hidden": True, "why": "takes no images"}]),
    Text("prompt", required=True, when=[{"match": {"images": {"min": 1}}, "required": False}]),
    Choice("resolution", options=["2K", {"value": "4K", "match": {"tier": ["gold"]}}], default="4K"),
    Choice("duration", options=[4, 8], default=4, unit="s", when=[FIXED]),
    Number("fps", min=1, max=30, step=1, default=24, when=[{"match": {"resolution": "4K"}, "max": 24}]),
)
IMAGES = [{"url": "u", "width": 1, "height": 1}]


def fill(given, workflow="txt", tier="free", mode=Mode.STRICT):
    return FORM.fill(given, {"workflow": workflow, "tier": tier}, mode)


def shown(filled, key):
    return next(one for one in filled.outline() if one["key"] == key)


def test_conditions_see_the_workflow_key_the_tier_and_the_fields_before():
    free, gold = fill({"prompt": "x"}), fill({"prompt": "x"}, tier="gold")
    assert [option["value"] for option in shown(free, "resolution")["options"]] == ["2K"]
    assert free.values["resolution"] == "2K"
    assert gold.values["resolution"] == "4K"
    assert (shown(free, "fps")["max"], shown(gold, "fps")["max"]) == (30, 24)


def test_a_hidden_field_has_no_value_and_giving_one_is_refused_with_the_reason():
    filled = fill({"prompt": "x", "images": IMAGES})
    assert "images" not in filled.values
    assert [(problem.field, problem.message) for problem in filled.problems] == [
        ("images", "takes no images")
    ]
    assert fill({"prompt": "x", "images": IMAGES}, mode=Mode.REPAIR).repairs[0].to is None


def test_the_prompt_is_required_until_images_say_what_is_wanted():
    assert [problem.field for problem in fill({}, "img").problems] == ["images", "prompt"]
    assert not fill({"images": IMAGES}, "img").problems


def test_a_fixed_field_names_the_one_value_and_why():
    filled = fill({"images": IMAGES, "duration": 4}, "ref")
    assert filled.problems[0].message == "is fixed at 8 s"
    assert filled.problems[0].hint == "references give 8 s"
    assert filled.values["duration"] == 8
    assert shown(filled, "duration")["disabled"]
    assert not fill({"images": IMAGES, "duration": 8}, "ref").problems


def test_every_problem_is_listed_at_once_unknown_fields_with_the_closest_known():
    filled = fill({"prompt": "", "resolution": "9K", "fps": 99, "promt": "x"})
    assert [problem.field for problem in filled.problems] == ["prompt", "resolution", "fps", "promt"]
    assert filled.problems[-1].hint == "Did you mean prompt?"


def test_a_layer_changes_only_what_it_says_and_the_newest_word_wins():
    layer = {
        "duration": (
            {"default": 8},
            [change_of({"match": {"resolution": "2K"}, "label": "Length"}, "version")],
        )
    }
    layered = FORM.with_changes(layer)
    outline = shown(layered.fill({"prompt": "x"}, {"workflow": "txt"}), "duration")
    assert (outline["default"], outline["label"], outline["unit"]) == (8, "Length", "s")
    unfixed = FORM.with_changes({"duration": ({"fixed": 4, "options": [4]}, [])})
    assert unfixed.fill({"images": IMAGES}, {"workflow": "ref"}).values["duration"] == 4
    assert shown(fill({"prompt": "x"}), "duration")["default"] == 4


@pytest.mark.parametrize(
    ("match", "unless", "facts", "holds"),
    [
        ({"a": [1, 2]}, {}, {"a": 2}, True),
        ({"a": [1, 2]}, {}, {"a": 3}, False),
        ({"a": 1, "b": 2}, {}, {"a": 1}, False),
        ({"a": {"min": 1}}, {}, {"a": []}, False),
        ({"a": {"min": 1, "max": 2}}, {}, {"a": [1, 2]}, True),
        ({"a": {"max": 0}}, {}, {}, True),
        ({"a": {"given": True}}, {}, {"a": {"url": "u"}}, True),
        ({"a": {"given": True}}, {}, {"a": []}, False),
        ({"a": {"given": False}}, {}, {}, True),
        ({"a": 5}, {}, {"a": {"id": 5}}, True),
        ({"a": "1:1"}, {}, {"a": {"value": "1:1", "width": 1}}, True),
        ({"feature": "x"}, {}, {"feature": frozenset({"x", "y"})}, True),
        ({}, {"a": 1}, {"a": 1}, False),
        ({}, {"a": 1, "b": 1}, {"a": 1, "b": 2}, True),
        ({}, {}, {}, True),
    ],
)
def test_conditions(match, unless, facts, holds):
    assert condition(match, unless)(facts) is holds


def test_a_wrong_declaration_is_a_bug_that_shows_at_once():
    with pytest.raises(TypeError, match="has no mx"):
        Number("x", mx=3)
    with pytest.raises(TypeError, match="has no mx"):
        Number("x", when=[{"match": {}, "mx": 3}])
    with pytest.raises(TypeError, match="declared twice"):
        Form(Text("x"), Text("x"))
