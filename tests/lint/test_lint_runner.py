"""The runner: broken files, selection, order, and the built-in catalogue itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from civgen.errors import InvalidFile, InvalidInput
from civgen.lint.registry import all_rules, by_code, choose
from civgen.lint.report import Report
from civgen.lint.rule import Rule
from civgen.lint.runner import lint
from civgen.workspace import Workspace

Check = Callable[..., Report]

#: An ecosystem of a workspace, with a family that does not exist.
MARBLE = """key = "Marble"
id = 12000
name = "Marble"
description = "Of a test."
family = "blackforest-labs"
"""


def test_the_built_in_catalogue_is_clean() -> None:
    report = lint(Workspace(None))
    assert [str(finding) for finding in report.findings] == []
    assert report.rules == tuple(code for code, rule in all_rules().items() if not rule.on_request)
    assert report.files > 100


def test_a_broken_file_is_a_finding_and_the_others_are_still_linted(check: Check) -> None:
    report = check({"ecosystems/Broken.toml": 'key = "Broken\n', "ecosystems/Marble.toml": MARBLE})
    broken, family = report.findings
    assert (broken.code, broken.where.file, broken.where.line) == ("CIV001", "ecosystems/Broken.toml", 1)
    assert broken.right is not None
    assert (family.code, family.where.file, family.where.line) == ("CIV103", "ecosystems/Marble.toml", 5)
    assert family.right == "Did you mean black-forest-labs?"


def test_every_problem_of_a_file_is_a_finding_of_its_own(check: Check) -> None:
    text = MARBLE.replace("blackforest", "black-forest").replace("12000", '"12000"') + 'familly = "x"\n'
    report = check({"ecosystems/Marble.toml": text}, "CIV001")
    assert [(finding.where.line, finding.where.column) for finding in report.findings] == [(2, 1), (6, 1)]
    assert report.findings[1].right == "Did you mean family?"


def test_what_refers_to_a_broken_file_is_not_held_against_it(check: Check) -> None:
    files = {
        "families/lodestones.toml": "key = [\n",
        "ecosystems/Marble.toml": MARBLE.replace("blackforest-labs", "lodestones"),
        "ecosystems/SDXL.toml": "override = true\nid = 'four'\n",
    }
    assert {finding.code for finding in check(files).findings} == {"CIV001"}


def test_settings_that_cannot_be_read_are_a_finding(check: Check) -> None:
    (finding,) = check({"civgen.toml": "defualt = 'local'\n"}).findings
    assert (finding.code, finding.where.file, finding.where.line) == ("CIV001", "civgen.toml", 1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("engine = 'seedream'\n[[versions]]\nid = 7\nlabel = 'a'\n", "none of them may generate"),
        (
            "engine = 'seedream'\nworkflows = ['txt2img']\n[support]\ngeneration = ['Checkpoint']\n"
            "[[versions]]\nid = 7\nlabel = 'a'\ndefault = true\n"
            "[[versions]]\nid = 8\nlabel = 'b'\ndefault = true\n",
            "8 and 7 are both the default of txt2img",
        ),
        (
            "engine = 'seedream'\nworkflows = ['txt2img', 'img2img:edit']\nmodel_locked = true\n"
            "[support]\ngeneration = ['Checkpoint']\n"
            "[[versions]]\nid = 7\nlabel = 'a'\ndefault = true\nworkflows = ['txt2img']\n",
            "no version is the default for img2img:edit",
        ),
    ],
)
def test_what_a_generating_ecosystem_lacks_is_named(check: Check, words: str, message: str) -> None:
    text = MARBLE.replace('family = "blackforest-labs"\n', "") + words
    findings = check({"ecosystems/Marble.toml": text}, "CIV402").findings
    assert any(message in finding.message for finding in findings)


@pytest.mark.parametrize(
    "words",
    [
        "[support]\ngeneration = ['Checkpoint']\n[[versions]]\nid = 7\nlabel = 'a'\ndefault = true\n",
        "engine = 'seedream'\nworkflows = ['txt2img']\n[support]\ngeneration = []\n"
        "[[versions]]\nid = 7\nlabel = 'a'\ndefault = true\n",
        "engine = 'kling'\nworkflows = ['txt2vid', 'img2vid']\n[support]\ngeneration = ['Checkpoint']\n"
        "[[base_models]]\nid = 14000\nname = 'Marble'\nmedia = 'video'\n"
        "[[versions]]\nid = 7\nlabel = 'a'\ndefault = ['txt2vid']\n"
        "[[versions]]\nid = 8\nlabel = 'b'\ndefault = ['img2vid']\nuses = 'kling-v3'\n",
    ],
    ids=["lists resources only", "retired, and says so", "a default for each workflow key"],
)
def test_what_is_complete_in_another_way_is_left_alone(check: Check, words: str) -> None:
    text = MARBLE.replace('family = "blackforest-labs"\n', "") + words
    assert check({"ecosystems/Marble.toml": text}, "CIV402").findings == ()


def test_two_owners_of_a_key_are_named_both(check: Check) -> None:
    (finding,) = check({"families/openai.toml": 'key = "openai"\nid = 12000\nname = "Open"\n'}).findings
    assert "families/openai.toml" in finding.message
    assert str(Path("catalog", "families", "openai.toml")) in finding.message
    assert "override = true" in (finding.right or "")


def test_a_number_with_two_owners_names_both_places(check: Check) -> None:
    versions = "".join(f"[[versions]]\nid = {number}\nlabel = 'a'\n" for number in (128078, 7, 7))
    elsewhere, beside = check({"ecosystems/Marble.toml": MARBLE + versions}, "CIV101").findings
    assert re.match(r"the model version 128078 is taken: \S+SDXL\.toml:\d+:1 ", elsewhere.message)
    assert elsewhere.where.line == 7
    assert beside.message.startswith("the model version 7 is taken: ecosystems/Marble.toml:10:1 ")
    assert beside.where.line == 13


def test_versions_that_read_alike_are_found_where_the_workspace_says_them(check: Check) -> None:
    text = "override = true\n\n[[versions]]\nid = 7\nmodel_id = 5\nlabel = 'Turbo'\n"
    (finding,) = check({"ecosystems/ZImageTurbo.toml": text}, "CIV207").findings
    assert (finding.where.file, finding.where.line) == ("ecosystems/ZImageTurbo.toml", 6)


def test_what_takes_one_of_several_types_says_what_is_allowed(check: Check) -> None:
    text = MARBLE + "[[base_models]]\nid = 12000\nname = 'Marble'\nmedia = 'picture'\nlicense = 'MIT'\n"
    (finding,) = check({"ecosystems/Marble.toml": text}, "CIV001").findings
    assert "must be 'image', 'video'" in finding.message


def test_a_module_with_the_key_of_another_is_told_that_it_is_taken(check: Check) -> None:
    module = (
        "from civgen.engines.base import Engine\nfrom civgen.forms.form import Form\n"
        "class Mine(Engine):\n    'Mine.'\n    key, media, step_type = 'kling', 'video', 'videoGen'\n"
        "    form = Form()\n    def build(self, values, resources, context):\n        return []\n"
    )
    (finding,) = check({"engines/video/mine.py": module}, "CIV501").findings
    assert finding.right is not None and "Change `key`" in finding.right and "kling.py" in finding.right


def test_parents_in_a_circle_are_a_finding_and_not_a_hang(check: Check) -> None:
    one = MARBLE.replace('family = "blackforest-labs"', 'parent = "Granite"')
    other = one.replace("12000", "12001").replace("Marble", "Granite").replace('"Granite"\n', '"Marble"\n', 3)
    other = other.replace('key = "Marble"', 'key = "Granite"').replace('name = "Marble"', 'name = "Granite"')
    report = check({"ecosystems/Marble.toml": one, "ecosystems/Granite.toml": other})
    assert {finding.code for finding in report.findings} == {"CIV103"}
    assert all("its own ancestor" in finding.message for finding in report.findings)


@pytest.mark.parametrize(
    "words",
    [
        "[form.sampler]\noptions = [{ label = 'x' }]",
        "[form.controlNets]\noptions = [{ label = 'x' }]",
        "[[form.steps.when]]\nmatch = { images = { min = 'a' } }\nmax = 20",
    ],
)
def test_a_form_that_cannot_be_shown_is_a_finding(check: Check, words: str) -> None:
    report = check({"ecosystems/SD1.toml": f"override = true\n{words}\n"})
    assert [(one.code, one.where.file) for one in report.findings] == [("CIV201", "ecosystems/SD1.toml")]


def test_an_engine_that_cannot_be_loaded_is_a_finding_with_its_line(check: Check) -> None:
    text = MARBLE.replace('family = "blackforest-labs"', 'engine = "paint"\nworkflows = ["txt2img"]')
    files = {"ecosystems/Marble.toml": text, "engines/paint.py": "x = 1\nimport nothing_like_this\n"}
    (finding,) = check(files).findings
    assert (finding.code, finding.where.file, finding.where.line) == ("CIV501", "engines/paint.py", 2)


def test_a_directory_of_findings_can_be_picked(check: Check, workspace: Path) -> None:
    check({"ecosystems/Marble.toml": MARBLE, "sizes/odd.toml": 'key = "odder"\nsizes = []\n'})
    report = lint(Workspace(workspace), paths=[workspace / "ecosystems"])
    assert {finding.where.file for finding in report.findings} == {"ecosystems/Marble.toml"}


def test_rules_are_chosen_by_code_or_its_beginning() -> None:
    codes = [rule.code for rule in choose(["civ2", "CIV101"], ["CIV203"])]
    assert codes[:2] == ["CIV001", "CIV101"]  # what cannot be read is always said
    assert "CIV203" not in codes
    assert all(code.startswith("CIV2") for code in codes[2:])
    assert len(codes) > 4


def test_every_unknown_code_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        choose(["CIV110"], ["CIV9", ""])
    assert [problem.given for problem in caught.value.details] == ["CIV110", "CIV9", ""]
    assert "Did you mean CIV10" in (caught.value.details[0].hint or "")


def test_two_rules_with_one_code_are_an_error_that_names_both() -> None:
    first, second = list(all_rules().values())[:2]
    twin: type[Rule] = type("Twin", (second,), {"code": first.code, "name": "twin"})
    with pytest.raises(
        InvalidFile, match=f"{first.code} belongs to two rules: {first.name} in .* and twin in "
    ):
        by_code([first, twin])
