"""What is written passes its own tests, lint, ruff and mypy: in a workspace with one of everything."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from civgen.cli.app import app

ADDED = [
    "add-base-model|Aurora XL|-e|Aurora|--license|Apache 2.0|--checkpoint|90000001|--model-id|1|--test",
    "add-base-model|Aurora Kid|-e|AuroraKid|--parent|SDXL|--license|MIT|--checkpoint|90000002|--model-id|2",
    "add-base-model|SDXL Zeta|--ecosystem|SDXL|--license|MIT|--checkpoint|90000003|--model-id|3",
    "add-engine|my-sora|--media|video|--wire|sora|--ecosystem|MySora|--license|OpenAI|--version-id|90000004",
    "add-engine|my.krea2|--media|image|--wire|comfy|--set|ecosystem=krea2|--set|model=turbo|--ecosystem|My.Krea-2|"
    "--license|MIT|--version-id|90000005|--model-id|5",
    "add-engine|my-seedream|--media|image|--wire|seedream",
    "add-engine|my-horse|--wire|happyHorse|--set|version=v1.0|--ecosystem|MyHorse|--license|MIT|--version-id|90000006",
    "add-engine|my-ltx|--wire|ltx2|--ecosystem|MyLtx|--license|MIT|--version-id|90000007",
    "add-engine|my-sdxl|--media|image|--wire|comfy|--set|ecosystem=sdxl|--ecosystem|MySdxl|--license|MIT|"
    "--version-id|90000008|--model-id|8",
    "add-engine|my-gpt|--wire|openai|--set|model=gpt-image-2",
    "add-engine|3d-ltx|--media|video|--wire|ltx2.3|--set|operation=createVideo|--engine-option|model=22b-dev",
    "add-engine|wan-loras|--media|image|--wire|wan|--set|version=v2.2|--set|provider=fal",
]
RUFF = (sys.executable, "-m", "ruff")
CHECKS = {
    "tests": (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
    "compiled": (sys.executable, "-m", "compileall", "-q", "engines", "tests"),
    "ruff check": (
        *RUFF, "check", "--isolated", "--no-cache", "--line-length", "110", "--per-file-ignores", "tests/*:D",
        "--select", "E,F,W,I,N,UP,B,C4,D,SIM,RET,RUF,PL", "--ignore", "D203,D213,PLR2004",
    ),
    "ruff format": (*RUFF, "format", "--isolated", "--no-cache", "--check", "--diff"),
    "mypy": (sys.executable, "-m", "mypy", "--strict", "--cache-dir", ".mypy_cache", "engines", "tests"),
}  # fmt: skip


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    folder = tmp_path_factory.mktemp("team")
    commands = [["init", str(folder)], *([*line.split("|"), "--workspace", str(folder)] for line in ADDED)]
    for command in commands:
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
    return folder


@pytest.mark.parametrize("command", CHECKS.values(), ids=CHECKS)
def test_what_was_added_passes(added, command):
    done = subprocess.run(command, cwd=added, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_was_added_passes_lint(added, run):
    done = run("lint", "--workspace", str(added))
    assert done.code == 0, done.stdout


def test_a_broken_engine_is_caught_by_its_own_test(added):
    module = added / "engines/video/my_sora.py"
    text = module.read_text()
    module.write_text(text.replace('"duration": values["duration"]', '"duration": 99'))
    try:
        command = (*CHECKS["tests"], "tests/test_my_sora.py")
        done = subprocess.run(command, cwd=added, capture_output=True, text=True, check=False)
    finally:
        module.write_text(text)
    assert done.returncode == 1 and "failed" in done.stdout
