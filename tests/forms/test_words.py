"""Why a value is refused, and what would change a field, in words."""

import pytest

from civgen.forms.conditions import condition
from civgen.forms.field import change_of
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice
from civgen.forms.kinds.number import Number
from civgen.forms.kinds.text import Text
from civgen.forms.origin import Origin
from civgen.forms.words import changes_text, condition_text, conditional

FORM = Form(
    Text("prompt", required=True, when=[{"match": {"workflow": "img"}, "required": False}]),
    Choice(
        "resolution", options=["2K", {"value": "4K", "match": {"tier": ["gold", "silver"]}}], default="2K"
    ),
    Number("steps", min=1, max=50, step=1, default=20, capped_by="steps"),
    Choice(
        "duration",
        options=[4, 8],
        default=4,
        when=[
            {"match": {"workflow": ["ref", "img"]}, "options": [8]},
            {"match": {"workflow": "no"}, "hidden": True, "why": "there is no time"},
        ],
    ),
)
LAYERED = FORM.with_changes(
    {
        "steps": (
            {"max": 40},
            [change_of({"match": {"resolution": "4K"}, "max": 30}, Origin("version 7"))],
            Origin("ecosystem X"),
        )
    }
)


def hints(given, workflow="txt", tier="free", limit=100):
    facts = {"workflow": workflow, "tier": tier, "limits": {"steps": limit}}
    return {one.field: one.hint for one in LAYERED.fill({"prompt": "x", **given}, facts).problems}


@pytest.mark.parametrize(
    ("given", "context", "field", "why"),
    [
        ({"steps": 41}, {}, "steps", "So says ecosystem X."),
        ({"steps": 0}, {}, "steps", "So says the form."),
        (
            {"steps": 31, "resolution": "4K"},
            {"tier": "gold"},
            "steps",
            "So says version 7, when resolution = 4K.",
        ),
        ({"steps": 11}, {"limit": 10}, "steps", "The tier free allows no more."),
        ({"resolution": "4K"}, {}, "resolution", "4K is on offer only when tier = gold or silver."),
        ({"resolution": "9K"}, {}, "resolution", "So says the form."),
        ({"duration": 4}, {"workflow": "img"}, "duration", "So says the form, when workflow = ref or img."),
        ({"duration": 4}, {"workflow": "no"}, "duration", "So says the form, when workflow = no."),
        ({"prompt": ""}, {}, "prompt", None),
    ],
)
def test_a_refusal_says_who_narrows_the_field_and_when(given, context, field, why):
    assert hints(given, **context) == {field: why}


@pytest.mark.parametrize(
    ("match", "unless", "text"),
    [
        ({}, {}, ""),
        ({"images": {"min": 1}}, {}, "images ≥ 1"),
        ({"images": {"min": 1, "max": 2}}, {}, "images 1 to 2"),
        ({"video": {"given": True}, "raw": False}, {}, "video given and raw off"),
        ({}, {"workflow": "a"}, "unless workflow = a"),
    ],
)
def test_conditions_in_words(match, unless, text):
    assert condition_text(condition(match, unless)) == text


def test_what_would_change_a_field_leaves_out_what_cannot_happen():
    found = list(conditional(FORM["duration"], {"workflow": ["txt", "img"]}))
    assert found == [("workflow = img", "options 8")]
    assert changes_text({"hidden": True, "why": "…", "max": 3}) == "hidden"
    assert changes_text({"min": 1, "max": 3, "required": False}) == "not required, 1 to 3"
