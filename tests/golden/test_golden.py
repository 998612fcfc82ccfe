"""The same answers as the live platform, where its golden cases are at hand."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARITY = ROOT.parent / "shared" / "tools" / "parity.py"
CIVGEN = f"{sys.executable} -m civgen"
KINDS = ("payloads", "forms", "errors", "submissions", "seed-video")

pytestmark = pytest.mark.skipif(not PARITY.exists(), reason="the golden cases are not beside this checkout")


@pytest.fixture(scope="session")
def differing():
    """Every golden case that civgen answers differently: `(id, problem)`."""
    spec = importlib.util.spec_from_file_location("parity", PARITY)
    parity = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parity)
    found = []
    for kind in KINDS:
        check, file = parity.CHECKS[kind]
        rows = parity.load(PARITY.parents[1] / "oracle" / f"{file}.json")
        found += [(rid, problem) for rid, _, problems in check(rows, CIVGEN) for problem in problems]
    return parity, found


def patterns() -> list[str]:
    document = (ROOT / "docs" / "differences.md").read_text()
    return [one for one in re.findall(r"`([^`\n]+)`", document) if "|" in one]


def test_every_difference_is_listed_with_its_reason(differing):
    parity, found = differing
    unlisted = [one for one in found if not any(parity.waives(pattern, *one) for pattern in patterns())]
    assert unlisted == []


@pytest.mark.parametrize("pattern", patterns())
def test_every_difference_that_is_listed_still_differs(differing, pattern):
    parity, found = differing
    assert any(parity.waives(pattern, *one) for one in found), f"nothing differs any more for {pattern}"


def test_the_comparison_itself_agrees(monkeypatch):
    """The tool that judges from outside, over one ecosystem, with every pattern read from the document."""
    monkeypatch.chdir(ROOT)
    words = [sys.executable, PARITY, "payloads", "--ecosystem", "Veo3", "--civgen", CIVGEN, "--min", "100"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
