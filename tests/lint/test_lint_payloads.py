"""What forms let through is built and held against the contract, and the fault is laid where it is."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from civgen.lint.runner import Report

Check = Callable[..., Report]

ECOSYSTEM = """
key = "Paint"
id = 12000
name = "Paint"
description = "An ecosystem of a test."
engine = "paint"
workflows = ["txt2img"]
model_locked = true

[[base_models]]
id = 14000
name = "Paint"
media = "image"
license = "Apache 2.0"

[support]
generation = ["Checkpoint"]

[[versions]]
id = 15000
label = "v1"
default = true
"""

ENGINE = '''
from civgen.engines import fields
from civgen.engines.base import Engine, Step
from civgen.forms.field import Field
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice, Toggle
from civgen.forms.kinds.text import Text


class Odd(Field):
    kind = "odd"


class Paint(Engine):
    """An engine of a test."""

    key = "paint"
    media = "image"
    step_type = "imageGen"
    form = Form(fields.model(), fields.prompt(), {fields})

    def build(self, values, resources, context):
{build}
'''


def files(build: str, fields: str = "") -> dict[str, str]:
    """A workspace with an engine that builds so."""
    body = indent(dedent(build).strip(), " " * 8)
    return {
        "ecosystems/Paint.toml": ECOSYSTEM,
        "engines/image/paint.py": ENGINE.format(fields=fields, build=body),
    }


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


IMAGEN = 'body = {"engine": "google", "model": "imagen4", "prompt": values["prompt"][:900]}\n'


@pytest.mark.parametrize(
    ("build", "message"),
    [
        ('return [Step("imageGen", body | {"colour": 1})]', "imageGen input.colour is not known here"),
        ('return [Step("imageGen", body | {"quantity": 1})]', "imageGen input.quantity is not known here"),
        ('return [Step("imageGen", body | {"numImages": "1"})]', "imageGen input.numImages must be a whole"),
        ('return [Step("imageGen", body | {"prompt": None})]', "imageGen input.prompt is required"),
        ('return [Step("imageGen", body | {"model": "imagen3"})]', "imageGen input.model must be one of"),
        ('return [Step("imageGem", body)]', "imageGem $type must be one of"),
    ],
)
def test_what_the_engine_gets_wrong_is_found_at_its_build(check: Check, build: str, message: str) -> None:
    written = files(IMAGEN + build)
    (finding,) = check(written, "CIV3").findings
    assert finding.code == "CIV301"
    assert finding.message.startswith(message)
    assert finding.message.endswith("(txt2img)")
    assert finding.subject == "ecosystem Paint"
    assert finding.where.file == "engines/image/paint.py"
    assert finding.where.line == line_of(written["engines/image/paint.py"], "def build")


def test_an_engine_that_raises_is_a_finding_at_the_line_that_raised(check: Check) -> None:
    written = files('size = values["aspectRatio"]\nreturn [Step("imageGen", {"size": size})]')
    (finding,) = check(written, "CIV3").findings
    assert finding.code == "CIV301"
    assert finding.message == "build raises KeyError: 'aspectRatio' (txt2img)"
    assert finding.where.line == line_of(written["engines/image/paint.py"], 'values["aspectRatio"]')


def test_values_that_hide_behind_the_choice_of_a_leaf_are_tried_with_every_leaf(check: Check) -> None:
    """Each size is fine for one of the two models, and each is tried once: only together they are wrong."""
    fields = 'Toggle("small"), Choice("size", options=["1024x1024", "512x512", "1792x1024"])'
    build = """
        model = "dall-e-2" if values["small"] else "dall-e-3"
        said = {"engine": "openai", "model": model, "operation": "createImage"}
        return [Step("imageGen", said | {"prompt": values["prompt"][:900], "size": values["size"]})]
    """
    written = files(build, fields)
    (finding,) = check(written, "CIV3").findings
    assert finding.code == "CIV302"
    assert finding.message.startswith(
        "size offers 512x512, 1792x1024, but imageGen input.size must be one of"
    )
    assert finding.where.line == line_of(written["engines/image/paint.py"], 'Choice("size"')


def test_an_option_is_named_by_the_value_that_the_form_gives_it(check: Check) -> None:
    build = (
        IMAGEN
        + 'body["model"] = {"a": "imagen4", "b": "imagen5"}[values["style"]]\nreturn [Step("imageGen", body)]'
    )
    (finding,) = check(files(build, 'Choice("style", options=["a", "b"])'), "CIV3").findings
    assert finding.message.startswith("style offers b, but imageGen input.model must be one of")


def test_a_field_that_may_be_left_empty_is_named_when_the_contract_needs_it(check: Check) -> None:
    build = IMAGEN + 'body["prompt"] = values["title"][:900] or None\nreturn [Step("imageGen", body)]'
    (finding,) = check(files(build, 'Text("title")'), "CIV3").findings
    assert finding.message == "title offers nothing, but imageGen input.prompt is required"


def test_a_kind_of_field_that_no_value_is_known_for_is_said_to_be_unchecked(check: Check) -> None:
    written = files(IMAGEN + 'return [Step("imageGen", body)]', 'Odd("clay", required=True)')
    (finding,) = check(written, "CIV3").findings
    assert finding.message == "the form's clay is required (txt2img)"
    assert finding.hint is not None
    assert "nothing was checked" in finding.hint
    assert finding.where.line == line_of(written["engines/image/paint.py"], '"clay"')


def test_what_children_inherit_is_said_once_about_all_of_them(check: Check) -> None:
    text = "override = true\n[form.steps]\nmin = 10\nmax = 500\n"
    (finding,) = check({"ecosystems/SDXL.toml": text}, "CIV302").findings
    assert finding.message == "steps offers 500, but textToImage input.steps must be 1 to 150"
    assert (finding.where.file, finding.where.line) == ("ecosystems/SDXL.toml", 4)
    for key in ("SDXL", "Pony", "Illustrious", "NoobAI"):
        assert f"ecosystem {key}" in finding.subject


def test_the_place_is_the_condition_or_the_version_that_says_it(check: Check) -> None:
    text = """override = true
[[form.cfgScale.when]]
match = { resolution = "4K" }
max = 12
[[versions]]
id = 2470991
[versions.form.cfgScale]
max = 20
"""
    (finding,) = check({"ecosystems/Seedream.toml": text}, "CIV302").findings
    assert finding.message.startswith("cfgScale offers 20")
    assert (finding.where.line, finding.where.field) == (8, "versions[0].form.cfgScale.max")


def test_a_value_that_a_version_says_to_its_engine_is_found_in_the_version(check: Check) -> None:
    text = 'override = true\n[[versions]]\nid = 2208174\nengine = { version = "v3.0" }\n'
    (finding,) = check({"ecosystems/Seedream.toml": text}, "CIV301").findings
    assert "imageGen input.version must be one of" in finding.message
    assert (finding.where.line, finding.where.column) == (4, 12)
