"""Every rule's documentation is true: its Bad example is found, its Good one is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from civgen.lint.baseline import Baseline, read_baseline
from civgen.lint.registry import all_rules
from civgen.lint.rule import Rule
from civgen.lint.runner import Options, lint
from civgen.workspace import Workspace

RULES = list(all_rules().values())
FILE = re.compile(r"^# (\S+/\S+\.(?:toml|py|json))\n", re.MULTILINE)


def example(rule: type[Rule], title: str) -> dict[str, str]:
    """The files of an example by their path."""
    found = re.search(rf"^{title}:\n\n((?: {{4}}.*\n?|\n)+)", rule.explanation(), re.MULTILINE)
    assert found, f"{rule.code} has no example {title}"
    text = re.sub(r"^ {4}", "", found[1], flags=re.MULTILINE)
    _, *parts = FILE.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def codes(rule: type[Rule], files: dict[str, str], folder: Path) -> list[str]:
    """The findings in the example's own files."""
    for path, text in {"civgen.toml": "", **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    baseline = folder / "lint" / "baseline.json"
    known = read_baseline(baseline) if baseline.exists() else Baseline("")
    report = lint(Workspace(folder), Options([rule.code], baseline=known), paths=[folder])
    return [finding.code for finding in report.findings]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_bad_example_is_found_and_the_good_one_is_not(rule: type[Rule], tmp_path: Path) -> None:
    bad, good = example(rule, "Bad"), example(rule, "Good")
    assert set(codes(rule, bad, tmp_path / "bad")) == {rule.code}
    assert codes(rule, good, tmp_path / "good") == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_documentation_says_what_and_why(rule: type[Rule]) -> None:
    summary, _, rest = rule.explanation().partition("\n\n")
    assert summary.endswith(".")
    assert "\n" not in summary
    assert rest.startswith("Why: ")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_code_and_the_file_follow_from_the_name(rule: type[Rule]) -> None:
    assert re.fullmatch(r"CIV\d{3}", rule.code)
    assert rule.__module__.rpartition(".")[2] == rule.name.replace("-", "_")
