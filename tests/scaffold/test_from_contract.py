"""Sora and Grok video from the contract alone, with the built-in ones taken away."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARITY = ROOT.parent / "shared" / "tools" / "parity.py"
TAKEN_AWAY = {"sora.py", "grok_video.py", "Sora2.toml", "Grok.toml", "__pycache__"}
ADDED = {
    "Sora2": "add-engine sora --step videoGen --ecosystem Sora2 --license OpenAI --version-id 2320065",
    "Grok": "add-engine grok-video --step videoGen --engine grok --ecosystem Grok --license Grok"
    " --version-id 2738377",
}
IMAGE = {"url": "https://example.com/fox.png", "width": 640, "height": 480}
VIDEO = {"url": "https://example.com/fox.mp4", "metadata": {"duration": 5}}
#: What each workflow key starts from, and the operation that it is on the wire.
OPERATIONS = {
    ("Sora2", "txt2vid"): ({}, "text-to-video"),
    ("Sora2", "img2vid"): ({"images": [IMAGE]}, "image-to-video"),
    ("Grok", "txt2vid"): ({}, "text-to-video"),
    ("Grok", "img2vid"): ({"images": [IMAGE]}, "image-to-video"),
    ("Grok", "vid2vid:edit"): ({"video": VIDEO}, "edit-video"),
}
#: What the platform decided otherwise, or besides, which the contract does not tell.
DECIDED = {
    "aspectRatio": "9:16 in place of the contract's auto, and from images their own",
    "analyzedDuration": "the length of the source, for the price",
    "duration": "fractions of a second, where the contract has whole ones",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A folder with civgen without its own Sora and Grok, and beside it a workspace, `house`."""
    folder = tmp_path_factory.mktemp("bare")
    shutil.copytree(
        ROOT / "civgen", folder / "civgen", ignore=lambda _, names: TAKEN_AWAY.intersection(names)
    )
    (folder / "house").mkdir()
    return folder


@pytest.fixture(scope="module")
def civgen(bare):
    """Run that civgen in the workspace."""

    def run(*words, stdin=None, module="civgen"):
        command = [sys.executable, "-m", module, *words]
        env = {**os.environ, "PYTHONPATH": str(bare)}
        return subprocess.run(
            command, cwd=bare / "house", env=env, input=stdin, capture_output=True, text=True, check=False
        )

    assert run("init", ".").returncode == 0
    return run


@pytest.fixture(scope="module")
def written(civgen):
    """The files that each command wrote."""
    done = {key: civgen(*line.split(), "--json") for key, line in ADDED.items()}
    assert [one.returncode for one in done.values()] == [0, 0], done
    return {key: json.loads(one.stdout)["written"] for key, one in done.items()}


def test_one_command_writes_a_module_an_ecosystem_and_a_test(written):
    assert written == {
        "Sora2": ["engines/video/sora.py", "ecosystems/Sora2.toml", "tests/test_sora.py"],
        "Grok": ["engines/video/grok_video.py", "ecosystems/Grok.toml", "tests/test_grok_video.py"],
    }


def test_lint_finds_nothing_and_the_generated_tests_pass(civgen, written):
    assert json.loads(civgen("lint", "--json").stdout)["findings"] == []
    tests = civgen("-q", "-n", "0", "-p", "no:cacheprovider", module="pytest")
    assert tests.returncode == 0 and "passed" in tests.stdout, tests.stdout


def test_every_operation_of_the_contract_can_be_previewed(civgen, written):
    lines = [
        {
            "id": "|".join(one),
            "request": dict(zip(("ecosystem", "workflow"), one, strict=True), prompt="a fox", **given),
        }
        for one, (given, _) in OPERATIONS.items()
    ]
    done = civgen("preview", "--batch", "-", "--json", stdin="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    built = {one["id"]: one["body"]["steps"][0]["input"]["operation"] for one in answers}
    assert built == {"|".join(one): operation for one, (_, operation) in OPERATIONS.items()}


@pytest.mark.parametrize(("ecosystem", "workflow"), OPERATIONS)
def test_a_dry_run_accepts_it(civgen, written, ecosystem, workflow):
    given, _ = OPERATIONS[ecosystem, workflow]
    request = {"ecosystem": ecosystem, "workflow": workflow, "prompt": "a fox", **given}
    done = civgen("submit", "-", "--dry-run", "--json", stdin=json.dumps(request))
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not PARITY.exists(), reason="the golden cases are not beside this checkout")
def test_payloads_differ_from_the_platforms_only_where_somebody_decided(bare, written, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(bare))
    monkeypatch.chdir(bare / "house")
    spec = importlib.util.spec_from_file_location("parity", PARITY)
    parity = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parity)
    rows = [
        row
        for row in parity.load(PARITY.parents[1] / "oracle" / "payloads.json")
        if (row["ecosystem"], row["workflow"]) in OPERATIONS and row["variant"] != "custom-checkpoint"
    ]
    found = {rid: problems for rid, _, problems in parity.check_payloads(rows, f"{sys.executable} -m civgen")}
    fields = {problem.split(":")[0].rpartition(".")[2] for problems in found.values() for problem in problems}
    assert len(found) > 20 and fields <= DECIDED.keys(), found
    compared = [row for row in rows if row["id"] in found]
    wanted = sum(len(parity.as_taken(row["steps"][0])["input"]) for row in compared)
    differing = sum(len(problems) for problems in found.values())
    assert differing / wanted < 0.1
