"""Grades: what each asks for, and that it moves when what was missing is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civgen.lint.grade import LEVELS, Grade, Judgement, Lack, criteria

Run = Callable[..., Any]

OWN = """
key = "Nova"
id = 9001
name = "Nova"
description = "A child of SDXL."
parent = "SDXL"

[[base_models]]
id = 9001
name = "Nova XL"
media = "image"
{license}

[[versions]]
id = 9000101
{model}
label = "v1"
default = true
coverage = "ecosystem-checkpoint"
"""


def write(root: Path, *, license: bool = True, model: bool = True) -> None:
    said = {
        "license": 'license = "Apache 2.0"' if license else "",
        "model": "model_id = 9000100" if model else "",
    }
    (root / "ecosystems" / "Nova.toml").write_text(OWN.format(**said))


def lacking(run: Run) -> set[str]:
    (shown,) = run("grade", "Nova", "--json").json
    return {one["criterion"] for one in shown["criteria"] if not one["holds"]}


def test_every_criterion_has_a_level_and_says_what_it_asks() -> None:
    found = criteria()
    assert {module.LEVEL for module in found.values()} == set(LEVELS)
    assert all(module.__doc__ and module.__doc__.count("\n\n") for module in found.values())


@pytest.mark.parametrize(
    ("missing", "level"),
    [((), "gold"), (("gold",), "silver"), (("silver",), "bronze"), (("bronze", "gold"), "none")],
)
def test_a_grade_needs_all_below_it(missing: tuple[str, ...], level: str) -> None:
    lack = [Lack("something", "civgen lint")]
    found = Grade("X", [Judgement(one, one, "", lack if one in missing else []) for one in LEVELS])
    assert found.level == level
    assert found.reaches("bronze") is (level != "none")


def test_what_is_missing_is_named_with_the_command_that_mends_it(run: Run, workspace: Path) -> None:
    write(workspace, license=False, model=False)
    (shown,) = run("grade", "Nova", "--json").json
    assert shown["grade"] == "none"
    lacks = {one["criterion"]: one["lacks"] for one in shown["criteria"]}
    assert "Nova XL" in lacks["licensed"][0]["what"]
    assert "9000101" in lacks["identified"][0]["what"]
    assert all(lack["mend"].startswith("civgen ") for some in lacks.values() for lack in some)


def test_it_rises_as_what_was_missing_comes(run: Run, workspace: Path) -> None:
    write(workspace)
    assert {"tested", "covered", "indexed"} <= lacking(run)
    (workspace / "tests").mkdir()
    (workspace / "tests" / "test_nova.py").write_text('KEY = "Nova"\n')
    run("db", "apply", "--yes")
    run("search", "sync")
    assert not {"tested", "covered", "indexed"} & lacking(run)


def test_it_gates(run: Run, workspace: Path) -> None:
    write(workspace, license=False)
    refused = run("grade", "Nova", "--at-least", "bronze", "--json")
    assert refused.code == 7 and "Nova" in refused.json["error"]["message"]
    assert json.dumps(refused.json["data"]).count("licensed") == 1
    assert run("grade").code == 2
    assert run("grade", "Nove").code == 4


def test_nothing_that_is_built_in_is_below_bronze(run: Run) -> None:
    grades = {one["ecosystem"]: one["grade"] for one in run("grade", "--all", "--json").json}
    assert len(grades) > 40
    assert [key for key, level in grades.items() if level == "none"] == []
