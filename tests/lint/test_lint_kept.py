"""Findings kept from run to run are those that lint would find anew, whatever was edited in between."""

from __future__ import annotations

import json
import random
import re
import threading
from pathlib import Path

import pytest

from civgen.catalog.files import BUILT_IN
from civgen.lint.report import Report
from civgen.lint.runner import Options, lint
from civgen.workspace import Workspace

ENGINE = '''
from civgen.engines import fields
from civgen.engines.base import Engine, Step
from civgen.forms.form import Form
from civgen.forms.kinds.number import Number


class Paint(Engine):
    """An engine of a test."""

    key = "paint"
    media = "image"
    step_type = "imageGen"
    form = Form(fields.model(), fields.prompt(always=True), Number("steps", min=1, max=50, default=20))

    def build(self, values, resources, context):
        body = {"engine": "google", "model": "imagen4", "prompt": values["prompt"][:900]}
        return [Step("imageGen", body)]
'''
PAINT = """\
key = "Paint"
id = 12000
name = "Paint"
description = "Of a test."
engine = "paint"
workflows = ["txt2img"]

[[base_models]]
id = 14000
name = "Paint"
media = "image"
license = "Apache 2.0"

[support]
generation = ["Checkpoint", "LORA"]

[[versions]]
id = 15000
label = "v1"
default = true

[form.steps]
default = 20
"""
#: Built-in files that a workspace's may stand beside, as they are: the edits then are to the whole of them.
COPIED = (
    "ecosystems/SDXL.toml",
    "ecosystems/Pony.toml",
    "ecosystems/Veo3.toml",
    "ecosystems/Seedream.toml",
    "ecosystems/Kling.toml",
    "sizes/540p.toml",
    "workflows/img2img-upscale.toml",
    "tiers/free.toml",
    "samplers/ddim.toml",
    "groups/ZImage.toml",
)


@pytest.fixture
def house(workspace: Path) -> Path:
    """A workspace with an engine of its own, and overrides of built-in files."""
    files = {"engines/image/paint.py": ENGINE, "ecosystems/Paint.toml": PAINT}
    files |= {name: "override = true\n" + (BUILT_IN / name).read_text() for name in COPIED}
    for name, text in files.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text)
    return workspace


def same(report: Report) -> list[object]:
    return [(one, one.fingerprint) for one in report.findings]


def edit(path: Path, chance: random.Random) -> str:
    """Another number, word or line, or one less."""
    lines = path.read_text().splitlines()
    at = chance.randrange(len(lines))
    old = lines[at]
    if chance.random() < 0.2:
        lines.insert(at, chance.choice(["", "# a line more", lines[chance.randrange(len(lines))]]))
    elif chance.random() < 0.2:
        del lines[at]
    elif numbers := list(re.finditer(r"\d+", old)):
        one = chance.choice(numbers)
        lines[at] = f"{old[: one.start()]}{chance.choice([1, 7, 128078, 15000])}{old[one.end() :]}"
    else:
        words = re.findall(r"[A-Za-z]{3,}", path.read_text())
        found = list(re.finditer(r"[A-Za-z]{3,}", old)) or [re.match("", old)]
        one = chance.choice(found)
        assert one is not None
        lines[at] = old[: one.start()] + chance.choice(words) + old[one.end() :]
    path.write_text("\n".join(lines) + "\n")
    return f"{path.name}: {old!r} -> {lines[at] if at < len(lines) else ''!r}"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_would_be_found_anew(house: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = sorted(
        path
        for folder in ("ecosystems", "sizes", "workflows", "tiers", "samplers", "groups", "engines")
        for path in (house / folder).rglob("*.*")
        if path.suffix in (".toml", ".py")
    )
    texts = {path: path.read_text() for path in files}
    done = []
    for turn in range(5):
        path = chance.choice(files)
        if chance.random() < 0.3:
            path.write_text(texts[path])
            done.append(f"{path.name} as it was")
        else:
            done.append(edit(path, chance))
        select = ("CIV2", "CIV3") if turn % 3 == 1 else ()
        kept = lint(Workspace(house), Options(select, keep=True))
        anew = lint(Workspace(house), Options(select))
        assert same(kept) == same(anew), done


def test_what_is_kept_saves_the_work(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from civgen.lint.rules.payload_validates import PayloadValidates

    asked: list[str] = []
    check = PayloadValidates.check_maker

    def noted(rule, house, maker):
        asked.append(maker.subject)
        return check(rule, house, maker)

    monkeypatch.setattr(PayloadValidates, "check_maker", noted)
    lint(Workspace(house), Options(keep=True))
    assert len(asked) > 40
    asked.clear()
    lint(Workspace(house), Options(keep=True))
    assert asked == []
    with (house / "ecosystems" / "Veo3.toml").open("a") as file:
        file.write("# a word more\n")
    lint(Workspace(house), Options(keep=True))
    assert set(asked) == {"ecosystem Veo3"}
    asked.clear()
    with (house / "engines" / "image" / "paint.py").open("a") as file:
        file.write("# a word more\n")
    lint(Workspace(house), Options(keep=True))
    assert set(asked) == {"ecosystem Paint"}


def test_a_rule_that_asks_all_engines_looks_anew_when_one_changes(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civgen.lint.rules.price_in_whatif import PriceInWhatif

    asked: list[str] = []
    check = PriceInWhatif.check_maker

    def noted(rule, house, maker):
        asked.append(maker.subject)
        return check(rule, house, maker)

    monkeypatch.setattr(PriceInWhatif, "check_maker", noted)
    lint(Workspace(house), Options(keep=True))
    asked.clear()
    with (house / "engines" / "image" / "paint.py").open("a") as file:
        file.write("# a word more\n")
    lint(Workspace(house), Options(keep=True))
    assert {"ecosystem Paint", "ecosystem Veo3", "ecosystem Kling"} <= set(asked)


def test_an_engine_that_may_depend_on_anything_is_looked_at_anew(house: Path, tmp_path: Path) -> None:
    helper = "import shared_helper\n" + ENGINE.replace('"imagen4"', "shared_helper.MODEL")
    (house / "engines" / "image" / "paint.py").write_text(helper)
    lib = tmp_path / "lib"
    lib.mkdir()
    import sys

    sys.path.insert(0, str(lib))
    try:
        for model, codes in (("imagen4", set()), ("imagen3", {"CIV301"})):
            (lib / "shared_helper.py").write_text(f'MODEL = "{model}"\n')
            sys.modules.pop("shared_helper", None)
            __import__("importlib").invalidate_caches()
            sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
            report = lint(Workspace(house), Options(["CIV3"], keep=True), paths=[house / "engines"])
            sys.dont_write_bytecode = before
            assert {one.code for one in report.findings} == codes
    finally:
        sys.path.remove(str(lib))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"mark": "x", "units": 3}', '{"units": {}}', "[" * 10_000, "\xff"],
)
def test_a_file_that_is_not_whole_is_as_good_as_none(house: Path, text: str) -> None:
    kept = house / ".civgen" / "cache" / "lint.json"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(text.encode("latin-1"))
    assert lint(Workspace(house), Options(["CIV202"], keep=True)).findings == ()
    assert json.loads(kept.read_text())["units"]


@pytest.mark.parametrize(
    "damage", [lambda unit: unit.pop("asked"), lambda unit: unit["found"].update(CIV202=[{}])]
)
def test_an_entry_that_is_not_whole_is_as_good_as_none(house: Path, damage) -> None:
    lint(Workspace(house), Options(["CIV202"], keep=True))
    kept = house / ".civgen" / "cache" / "lint.json"
    data = json.loads(kept.read_text())
    damage(next(iter(data["units"].values())))
    kept.write_text(json.dumps(data))
    assert lint(Workspace(house), Options(["CIV202"], keep=True)).findings == ()


def test_runs_at_the_same_time_do_not_harm_each_other(house: Path) -> None:
    (house / "ecosystems" / "Veo3.toml").write_text("override = true\nform.duration.default = 5\n")
    found: list[list[str]] = []

    def run() -> None:
        for _ in range(4):
            report = lint(Workspace(house), Options(["CIV2"], keep=True))
            found.append([one.code for one in report.findings])

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["CIV202"]] * 12
    assert [path.name for path in (house / ".civgen" / "cache").iterdir()] == ["lint.json"]


def test_what_may_not_be_written_is_done_without(workspace: Path) -> None:
    (workspace / ".civgen").write_text("a file where the folder should be")
    assert lint(Workspace(workspace), Options(["CIV202"], keep=True)).findings == ()
