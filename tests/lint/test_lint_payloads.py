"""What forms let through is built and held against the contract, and the fault is laid where it is."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from civgen.lint.house import House
from civgen.lint.report import Report
from civgen.lint.sources import Sources
from civgen.lint.walks import situations
from civgen.workspace import Workspace

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
from civgen.forms.kinds.number import Number
from civgen.forms.kinds.text import Text


class Odd(Field):
    kind = "odd"


class Paint(Engine):
    """An engine of a test."""

    key = "paint"
    media = "image"
    step_type = "imageGen"
    form = Form(fields.model(), fields.prompt(always=True), {fields})

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


MAI = """body = {"engine": "fal", "model": "maiImage", "operation": "createImage"}
body["prompt"] = values["prompt"][:5000]
return [Step("imageGen", body)]"""


def test_a_text_may_be_as_short_as_the_form_lets_it_be(check: Check) -> None:
    written = files(MAI)
    (finding,) = check(written, "CIV302").findings
    assert finding.message.startswith("prompt offers x, but imageGen input.prompt must be 3")
    written["ecosystems/Paint.toml"] += "[form.prompt]\nmin_length = 3\n"
    assert check(written, "CIV302").findings == ()


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
    assert finding.right is not None
    assert "nothing was checked" in finding.right
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


TOOL = '''
from civgen.engines import fields
from civgen.engines.base import Engine, Step
from civgen.forms.form import Form


class Slow(Engine):
    """A tool of a test."""

    key = "slow"
    media = "video"
    step_type = "videoUpscaler"
    form = Form(fields.video("vid2vid:slow"))

    def build(self, values, resources, context):
        return [Step(self.step_type, {"video": values["video"]["url"], {said}})]
'''
WORKFLOW = """key = "vid2vid:slow"
label = "Slow"
description = "A tool of a test."
output = "video"
source = "video"
engine = "slow"
"""


@pytest.mark.parametrize(
    ("said", "code", "message"),
    [
        ('"scaleFactor": 9', "CIV301", "videoUpscaler input.scaleFactor must be"),
        (
            '"scaleFactor": values["video"]["metadata"]["fps"] // 12',
            "CIV302",
            "video offers https://example.com/0.mp4, but build raises KeyError: 'metadata'",
        ),
    ],
)
def test_tools_are_tried_with_videos_of_which_much_or_little_is_known(
    check: Check, said: str, code: str, message: str
) -> None:
    written = {"workflows/vid2vid-slow.toml": WORKFLOW, "engines/slow.py": TOOL.replace("{said}", said)}
    (finding,) = check(written).findings
    assert finding.message.startswith(message)
    assert (finding.code, finding.subject) == (code, "workflow key vid2vid:slow")
    assert finding.where.file == "engines/slow.py"


OTHER = """
[[versions]]
id = 15001
label = "v2"
uses = "print"
"""


def test_each_version_is_built_by_the_engine_that_it_uses(check: Check) -> None:
    """The second engine is wrong: its version alone is found, and not in the name of the first."""
    written = files(IMAGEN + 'return [Step("imageGen", body)]', 'Text("title")')
    wrong = files(IMAGEN + 'return [Step("imageGen", body | {"hue": values["title"]})]', 'Text("title")')
    engine = wrong["engines/image/paint.py"].replace("paint", "print").replace("Paint", "Print")
    written["engines/image/print.py"] = engine
    written["ecosystems/Paint.toml"] += OTHER
    (finding,) = check(written, "CIV3").findings
    assert finding.message == "imageGen input.hue is not known here (txt2img)"
    assert finding.where.file == "engines/image/print.py"


def test_a_workflow_key_is_built_by_the_engine_that_the_ecosystem_names_for_it(check: Check) -> None:
    written = files(IMAGEN + 'return [Step("imageGen", body)]')
    wrong = files(IMAGEN + 'return [Step("imageGen", body | {"hue": 1})]')
    engine = wrong["engines/image/paint.py"].replace("paint", "print").replace("Paint", "Print")
    written["engines/image/print.py"] = engine
    text = ECOSYSTEM.replace('["txt2img"]', '["txt2img", "txt2img:draft"]\nengines."txt2img:draft" = "print"')
    (finding,) = check(written | {"ecosystems/Paint.toml": text}, "CIV3").findings
    assert finding.message == "imageGen input.hue is not known here (txt2img:draft)"


def test_numbers_between_the_ends_are_tried(check: Check) -> None:
    """Both ends and the default are whole, and what lies between them is not."""
    build = IMAGEN + 'return [Step("imageGen", body | {"numImages": values["count"]})]'
    written = files(build, 'Number("count", min=1, max=4, default=2)')
    (finding,) = check(written, "CIV3").findings
    assert finding.message == "count offers 1.5, but imageGen input.numImages must be a whole number"


def test_every_version_of_every_workflow_key_is_tried() -> None:
    """Of the built-in catalogue, but for those that are another name for one that is."""
    house = House(Sources(Workspace(None)))
    found = [one for maker in house.makers for one in situations(house, maker)]
    tried = {(one.maker.entry.record.key, one.workflow, one.supplies.checkpoint or 0) for one in found}
    catalog = house.catalog
    wanted = {
        (ecosystem.key, workflow, version.id)
        for ecosystem in catalog.all_ecosystems()
        for workflow in ecosystem.workflows
        for version in ecosystem.versions
        if version.serves(workflow) and not catalog.workflows[workflow].record.becomes
    }
    tools = {(one.key, one.key, 0) for one in catalog.workflows.records if one.engine}
    assert len(wanted) > 100
    assert len(tools) > 3
    assert wanted | tools <= tried
