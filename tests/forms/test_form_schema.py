"""The schema of a form takes what strict takes: every kind of condition, over a grid of values."""

from itertools import product

import jsonschema_rs
import pytest

from civgen.errors import InvalidInput
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.media import Images
from civgen.forms.kinds.number import Number
from civgen.forms.kinds.resources import ModelVersion, Resources
from civgen.forms.kinds.text import Text
from civgen.forms.schema.form import form_schema

IMAGE = {"url": "u", "width": 1, "height": 1}
FORM = Form(
    Images(min=0, max=3, when=[{"match": {"workflow": "pair"}, "min": 2}]),
    ModelVersion(options=[1, 2, {"value": 3, "match": {"workflow": "pair"}}], required=True),
    Text("prompt", required=True, when=[{"match": {"images": {"min": 1}}, "required": False}]),
    Choice("resolution", options=["2K", {"value": "4K", "match": {"model": [2]}}], default="4K"),
    Toggle("raw", when=[{"match": {"resolution": "4K"}, "hidden": True}]),
    Number("steps", min=4, max=10, step=2, default=6, when=[{"match": {"raw": True}, "fixed": 8}]),
    Number(
        "guidance", min=0, max=1, step=0.1, default=0.5, when=[{"match": {"steps": {"min": 8}}, "max": 0.8}]
    ),
    Resources(limit=2, when=[{"match": {"guidance": {"max": 0.3}}, "hidden": True}]),
    Toggle("sound", when=[{"match": {"resources": {"min": 1}}, "hidden": True}]),
    Text("style", when=[{"unless": {"prompt": "x"}, "hidden": True}]),
)
GRID = {
    "images": [None, [], IMAGE, [IMAGE] * 2, [IMAGE] * 4],
    "model": [None, 1, {"id": 2}, 3, 9],
    "prompt": [None, "x", " ", "y", " x\n"],
    "resolution": [None, "2K", "4K", {"value": "4K"}],
    "raw": [None, True, 1],
    "steps": [None, 5, 8, 10.0],
    "guidance": [None, 0.3, 0.30000000000000004, 0.8, 0.9],
    "resources": [None, [7], [7, 7, 7]],
    "sound": [None, False],
    "style": [None, "z"],
}
#: Fields of which one hangs on another, so that their values are tried together.
TOGETHER = [
    ("images", "prompt", "style"),
    ("model", "resolution", "raw", "steps"),
    ("raw", "steps", "guidance", "resources"),
    ("guidance", "resources", "sound"),
]


@pytest.mark.parametrize("workflow", ["txt", "pair"])
@pytest.mark.parametrize("keys", TOGETHER, ids=" ".join)
def test_schema_and_strict_agree_on_every_combination(keys, workflow):
    facts = {"workflow": workflow}
    schema = jsonschema_rs.Draft202012Validator(form_schema(FORM, facts))
    seen = set()
    for values in product(*(GRID[key] for key in keys)):
        given = {"prompt": "x", **dict(zip(keys, values, strict=True))}
        if workflow == "pair":
            given.setdefault("images", [IMAGE] * 2)
        taken = not FORM.fill(given, facts).problems
        assert schema.is_valid(given) == taken, (given, FORM.fill(given, facts).problems)
        seen.add(taken)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("given", "fits"), [({"other": None}, True), ({"other": 1}, False), ({"ecosystem": 1}, True), ({}, True)]
)
def test_only_what_may_stand_beside_the_fields_does(given, fits):
    schema = form_schema(Form(Toggle("raw")), {}, beside=["ecosystem"])
    assert jsonschema_rs.is_valid(schema, given) == fits


@pytest.mark.parametrize(("text", "fits"), [("fox", True), (" fox ", True), ("  a  ", False), ("a b", True)])
def test_the_blanks_around_a_text_do_not_count(text, fits):
    form = Form(Text("x", min_length=3))
    assert jsonschema_rs.is_valid(form_schema(form, {}), {"x": text}) == fits
    assert bool(form.fill({"x": text}, {}).problems) != fits


def test_steps_that_are_no_whole_numbers_are_listed_and_whole_ones_are_not():
    properties = form_schema(FORM, {"workflow": "txt"})["properties"]
    assert properties["prompt"]["title"] == "Prompt"
    shown = FORM["guidance"].resolve({})
    assert FORM["guidance"].schema(shown)["enum"][:4] == [0, 0.1, 0.2, 0.3]
    assert FORM["steps"].schema(FORM["steps"].resolve({})) == {
        "type": "integer", "minimum": 4, "maximum": 10, "multipleOf": 2,
    }  # fmt: skip


def test_what_no_schema_can_say_is_refused_rather_than_guessed():
    ratio = AspectRatio(options=["1:1", "16:9"], follows="images")
    late = Toggle("raw", when=[{"match": {"aspectRatio": "1:1"}, "hidden": True}])
    with pytest.raises(InvalidInput, match="aspectRatio"):
        form_schema(Form(Images(min=0), ratio, late), {})
    endless = Number("x", step=0.3, min=0)
    with pytest.raises(InvalidInput, match=r"0\.3"):
        form_schema(Form(endless), {})
