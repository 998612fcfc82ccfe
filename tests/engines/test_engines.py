"""Engines: found by directory, composed with their ecosystems, priced as published."""

import re
import shutil
from pathlib import Path

import pytest

from civgen.catalog import Catalog
from civgen.engines.compose import form_of
from civgen.engines.registry import Engines, module_name
from civgen.errors import InvalidFile, InvalidInput, NotFound
from civgen.jobs.platform import Platform
from civgen.jobs.preview import preview
from civgen.orchestrator import contract

ENGINE = '''
from civgen.engines.base import Engine, Step
from civgen.forms.form import Form

class Mine(Engine):
    """Mine."""
    key = "{key}"
    media = "image"
    step_type = "imageGen"
    form = Form()
    def build(self, values, resources, context):
        return [Step(self.step_type, {{}})]
'''

# Cells of the published table: seconds, mode, sound, Buzz.
VEO3 = [
    (4, "standard", True, 1667),
    (8, "standard", True, 3333),
    (8, "standard", False, 2233),
    (4, "standard", False, 1117),
    (8, "fast", True, 2000),
    (8, "fast", False, 1333),
    (4, "fast", True, 1000),
    (4, "lite", False, 333),
    (8, "lite", False, 667),
]


def write(workspace: Path, name: str, text: str) -> Engines:
    path = workspace / "engines" / "image" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return Engines(workspace / "engines")


def test_every_engine_module_is_called_after_its_key_and_documented():
    engines = Engines()
    assert len(engines) == len(list(engines))
    for key in engines:
        engine = engines[key]
        assert engines.file(key).stem == module_name(engine.key)
        assert engines.file(key).parent.name == engine.media
        assert len(type(engine).__doc__.splitlines()) > 3


def test_no_engine_names_a_model_version_or_an_ecosystem_of_another():
    for path in (Path(__file__).parents[2] / "civgen" / "engines").rglob("*.py"):
        assert not re.search(r"\b\d{6,7}\b", path.read_text()), f"{path} holds a model version id"


def test_an_unknown_engine_comes_with_the_closest():
    with pytest.raises(NotFound) as caught:
        Engines()["veo"]
    assert caught.value.hint == "Did you mean veo3?"


def test_an_engine_of_a_workspace_is_found_by_its_file(workspace):
    engines = write(workspace, "ltx9_5.py", ENGINE.format(key="ltx9.5"))
    assert engines["ltx9.5"].key == "ltx9.5"
    assert "ltx9.5" in list(engines)


@pytest.mark.parametrize(
    ("name", "text", "message", "line"),
    [
        ("bad.py", "x = 1\ny = (\n", "SyntaxError", 2),
        ("bad.py", "x = 1\nraise ValueError('no')\n", "ValueError: no", 2),
        ("bad.py", "x = 1\n", "must define one engine, and defines 0", None),
        ("bad.py", ENGINE.format(key="other"), "calls itself other", None),
        ("veo3.py", ENGINE.format(key="veo3"), "defined by two files", None),
    ],
)
def test_a_broken_engine_is_a_file_error_with_its_line(workspace, name, text, message, line):
    with pytest.raises(InvalidFile, match=re.escape(message)) as caught:
        write(workspace, name, text)[name.removesuffix(".py")]
    assert caught.value.where.line == line
    assert caught.value.where.file == f"engines/image/{name}"


def test_a_form_that_speaks_of_unknown_fields_properties_or_sizes_names_every_place(workspace):
    text = 'override = true\n[form.stepz]\nmax = 1\n[form.steps]\nsizes = "sdxl"\n'
    text += '[form.aspectRatio]\nsizes = "sdx"\n'
    (workspace / "ecosystems" / "SDXL.toml").write_text(text)
    catalog = Catalog(workspace)
    with pytest.raises(InvalidFile) as caught:
        form_of(catalog, "SDXL", Engines()["text-to-image"])
    found = [(problem.where.line, problem.field, problem.hint) for problem in caught.value.details]
    assert found == [
        (2, "form.stepz", "Did you mean steps?"),
        (5, "form.steps.sizes", None),
        (7, "form.aspectRatio.sizes", "Did you mean sdxl?"),
    ]


@pytest.mark.parametrize(("seconds", "mode", "sound", "buzz"), VEO3)
def test_veo3_costs_what_is_published(seconds, mode, sound, buzz):
    step = {"engine": "veo3", "duration": seconds, "mode": mode, "generateAudio": sound}
    assert Engines()["veo3"].price(step).total == buzz
    if mode != "lite":
        step = {"duration": seconds, "fastMode": mode == "fast", "generateAudio": sound}
        assert Engines()["veo3"].price(step).total == buzz


def test_seedream_costs_a_flat_price_an_image_and_an_unpublished_version_is_unknown():
    engine = Engines()["seedream"]
    assert engine.price({"version": "v4.5", "quantity": 2}).total == 120
    assert engine.price({"version": "v5.0-pro", "quantity": 1}) is None
    assert Engines()["text-to-image"].price({"steps": 20}) is None


def test_engine_modules_are_small_and_name_no_ecosystem():
    sizes = []
    keys = {f'"{one.key}"' for one in Catalog().all_ecosystems()}
    for medium in ("image", "video"):
        for path in (Path(__file__).parents[2] / "civgen" / "engines" / medium).glob("[a-z]*.py"):
            text = path.read_text()
            sizes.append(len(text.splitlines()))
            assert sizes[-1] <= 150, path
            assert not [key for key in keys if key in text], path
    assert sorted(sizes)[len(sizes) // 2] < 80


def test_a_version_that_the_contract_learns_of_needs_no_python(workspace):
    """Seedream v9: one table in a file, and an enum value in a newer contract."""
    leaves = Path(contract.__file__).parent
    shutil.copytree(leaves, workspace / "contract")
    leaf = workspace / "contract" / "leaves" / "imageGen" / "seedream.json"
    leaf.write_text(leaf.read_text().replace('"v4.5"', '"v4.5","v9"'))
    text = 'override = true\n[[versions]]\nid = 4242424\nlabel = "v9"\nengine = { version = "v9" }\n'
    (workspace / "ecosystems" / "Seedream.toml").write_text(text)
    platform = Platform(Catalog(workspace), Engines())
    with pytest.raises(InvalidInput, match="would refuse"):
        preview({"model": 4242424, "prompt": "x"}, platform)
    platform.contract = contract.load_contract(workspace / "contract")
    assert preview({"model": 4242424, "prompt": "x"}, platform).body["steps"][0]["input"]["version"] == "v9"
