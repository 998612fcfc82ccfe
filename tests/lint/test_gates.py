"""The hook, the action and the snippet: each is read, and what it runs is run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BAD = 'key = "Marble"\nid = 4\nname = "Marble"\ndescription = "The id is that of SDXL."\n'


@pytest.fixture
def broken(workspace: Path) -> Path:
    (workspace / "ecosystems" / "Marble.toml").write_text(BAD)
    return workspace


def shell(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as its runner does: in bash, which stops at the first failure."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    known = {**os.environ, "PATH": path, **variables}
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(words, cwd=folder, env=known, capture_output=True, text=True, check=False)


def step(name: str) -> dict[str, Any]:
    (found,) = [one for one in action()["runs"]["steps"] if one["name"] == name]
    return found


def action() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "action.yml").read_text())


def test_the_action_puts_no_input_into_a_script() -> None:
    """What comes from outside reaches a script as a variable, never as text of its own."""
    steps = action()["runs"]["steps"]
    assert steps and all("${{" not in one["run"] for one in steps)
    said = re.findall(r"inputs\.(\w+)", json.dumps(steps))
    assert set(said) == set(action()["inputs"])


@pytest.mark.parametrize("trusted", ["true", "false"])
def test_the_action_annotates_what_does_not_agree(broken: Path, trusted: str) -> None:
    done = shell(step("Lint")["run"], broken, CIVGEN_WORKSPACE=".", CIVGEN_TRUSTED=trusted)
    assert done.returncode == 7
    assert re.search(r"^::error file=ecosystems/Marble.toml,line=2", done.stdout, re.MULTILINE)


def test_the_action_passes_what_agrees(workspace: Path) -> None:
    assert shell(step("Lint")["run"], workspace, CIVGEN_WORKSPACE=".", CIVGEN_TRUSTED="true").returncode == 0


def test_the_action_writes_the_plan_as_a_summary(workspace: Path) -> None:
    summary = workspace / "summary.md"
    said = {"GITHUB_STEP_SUMMARY": str(summary), "CIVGEN_WORKSPACE": ".", "CIVGEN_ENV": "local"}
    done = shell(step("Plan")["run"], workspace, **said)
    assert done.returncode == 0, done.stderr
    assert "## Rows" in summary.read_text() and "GenerationBaseModel" in summary.read_text()


def test_the_action_writes_findings_as_a_summary_and_goes_on(broken: Path) -> None:
    summary = broken / "summary.md"
    done = shell(step("Findings")["run"], broken, GITHUB_STEP_SUMMARY=str(summary), CIVGEN_WORKSPACE=".")
    assert done.returncode == 0
    assert "CIV101" in summary.read_text()


def test_the_hook_runs_for_the_files_it_is_for_and_stops_what_does_not_agree(broken: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert shell(hook["entry"], broken).returncode == 7
    (broken / "ecosystems" / "Marble.toml").unlink()
    assert shell(hook["entry"], broken).returncode == 0
    files = re.compile(hook["files"])
    for name in ("ecosystems/A.toml", "a/engines/image/b.py", "civgen.toml", "licenses/x.toml"):
        assert files.search(name), name
    for name in ("README.md", "src/a.py", "pyproject.toml"):
        assert not files.search(name), name


def test_the_hook_knows_every_folder_of_the_catalogue() -> None:
    from civgen.catalog import Catalog

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert all(re.search(hook["files"], f"{folder}/one.toml") for folder in Catalog().shelves)


def test_the_snippet_makes_a_report_of_code_quality(broken: Path) -> None:
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["civgen-lint"]
    done = shell("\n".join(job["script"]), broken, **job["variables"])
    assert done.returncode == 7
    report = json.loads((broken / job["artifacts"]["reports"]["codequality"]).read_text())
    assert {"description", "fingerprint", "severity", "location"} <= report[0].keys()
    assert report[0]["location"]["path"] == "ecosystems/Marble.toml"
