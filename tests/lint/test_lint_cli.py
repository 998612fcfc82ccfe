"""`civgen lint`, as people and machines run it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from civgen.lint.finding import Finding
from civgen.lint.registry import all_rules
from civgen.lint.rules.file_name import FileName

BAD = 'key = "lodestones"\nid = 1\nname = "Lodestones, 100%"\n'


@pytest.fixture
def bad(workspace: Path) -> Path:
    """A workspace with one wrong file."""
    (workspace / "families").mkdir()
    (workspace / "families" / "lodestones.toml").write_text(BAD)
    return workspace


@pytest.fixture
def only_warns(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> Path:
    """A workspace that breaks a rule whose findings are warnings."""
    monkeypatch.setattr(FileName, "severity", "warning")
    (workspace / "families").mkdir()
    (workspace / "families" / "stones.toml").write_text('key = "lodestones"\nid = 12000\nname = "L"\n')
    return workspace


def test_a_clean_workspace_exits_with_0_and_says_what_was_done(run, workspace: Path) -> None:
    result = run("lint", "--select", "CIV1")
    assert result.code == 0
    assert re.fullmatch(r"No findings \(\d+ rules, \d+ files, \d+\.\d\d s\)\n", result.stdout)


def test_an_error_exits_with_7_and_shows_place_code_and_hint(run, bad: Path) -> None:
    result = run("lint", "--select", "CIV1")
    assert result.code == 7
    line, hint = result.stdout.splitlines()[:2]
    assert line.startswith("families/lodestones.toml:2:1 error CIV101 unique-id the family id 1 is taken: ")
    assert hint == "    Give it one that nothing else has."
    assert "1 error (" in result.stdout
    assert "civgen lint --explain CIV101" in result.stderr


def test_under_json_there_is_one_document_with_the_error_and_the_report(run, bad: Path) -> None:
    result = run("lint", "--json", "--select", "CIV1")
    assert result.code == 7
    document = result.json
    assert document["error"]["code"] == "answer-is-no"
    (finding,) = document["data"]["findings"]
    assert finding["code"] == "CIV101"
    assert finding["where"] == {"file": "families/lodestones.toml", "line": 2, "column": 1, "field": "id"}
    assert document["data"]["counts"] == {"error": 1, "warning": 0, "notice": 0}


def test_the_json_format_is_the_report_alone(run, bad: Path) -> None:
    result = run("lint", "--format", "json", "--select", "CIV1")
    assert result.code == 7
    assert result.json["rules"][:3] == ["CIV001", "CIV101", "CIV102"]
    assert {code[:4] for code in result.json["rules"][1:]} == {"CIV1"}


def test_github_annotations_are_one_escaped_line_each(run, bad: Path) -> None:
    result = run("lint", "--format", "github", "--select", "CIV101")
    assert result.code == 7
    (line,) = result.stdout.splitlines()
    head = (
        "::error file=families/lodestones.toml,line=2,col=1,title=CIV101 unique-id::the family id 1 is taken"
    )
    assert line.startswith(head)
    assert line.endswith("%0AGive it one that nothing else has.")


def test_what_would_end_a_github_command_is_escaped() -> None:
    from civgen.errors import Where
    from civgen.lint.formats import render
    from civgen.lint.report import Report

    finding = Finding("CIV1", "a,b", "notice", "100%\nsure", Where("a,b:c.toml"))
    text = render("github", Report((finding,), (), 1, 0.0))
    assert text == "::notice file=a%2Cb%3Ac.toml,title=CIV1 a%2Cb::100%25%0Asure\n"


def test_warnings_fail_only_when_strict(run, only_warns: Path) -> None:
    assert run("lint", "--select", "CIV102").code == 0
    assert "1 warning" in run("lint", "--select", "CIV102").stdout
    assert run("lint", "--select", "CIV102", "--strict").code == 7


def test_paths_restrict_the_findings(run, bad: Path) -> None:
    assert run("lint", "families", "--select", "CIV1").code == 7
    assert run("lint", "ecosystems", "--select", "CIV1").code == 0
    assert run("lint", "nowhere").code == 4


def test_an_unknown_code_is_a_usage_error(run) -> None:
    assert run("lint", "--select", "CIV777").code == 2
    assert run("lint", "--explain", "CIV777").code == 4


def test_every_rule_is_listed_and_explained(run) -> None:
    listed = run("lint", "--list", "--json").json
    assert [rule["code"] for rule in listed] == list(all_rules())
    explained = run("lint", "--explain", "civ105").stdout
    assert explained.startswith("CIV105 · air-valid · error\n")
    assert "\nGood:\n" in explained
    assert run("lint", "--explain", "CIV105", "--json").json["name"] == "air-valid"
