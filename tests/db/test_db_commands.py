"""`civgen db` as people and programs meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from team import Team


def test_from_the_plan_to_the_rows(team: Team, run: Callable[..., Any]) -> None:
    plan = run("db", "plan", "--json").json
    assert plan["counts"] == {"create": len(plan["changes"])}
    checked = run("db", "plan", "--check", "--json")
    assert checked.code == 7
    assert checked.json["error"]["code"] == "answer-is-no"
    assert checked.json["data"]["fingerprint"] == plan["fingerprint"]

    applied = run("db", "apply", "--yes", "--json")
    assert applied.code == 0
    assert applied.json["applied"]["id"] == 1
    assert applied.json["fingerprint"] == plan["fingerprint"]

    assert run("db", "plan", "--check").code == 0
    again = run("db", "apply", "--json")
    assert (again.code, again.json["applied"], again.json["changes"]) == (0, None, [])


def test_a_person_sees_a_diff_a_line_and_the_counts(team: Team, run: Callable[..., Any]) -> None:
    shown = run("db", "plan").stdout.splitlines()
    assert ["+", "900001", "Aurora", "v1", "ecosystems/Aurora.toml"] in [line.split() for line in shown]
    assert shown[-1].endswith("to create")
    run("db", "apply", "--yes")
    assert "nothing to change" in run("db", "apply").stdout


def test_writing_needs_consent_and_a_dry_run_does_not(team: Team, run: Callable[..., Any]) -> None:
    refused = run("db", "apply")
    assert refused.code == 8
    assert "--yes" in refused.stderr
    assert run("db", "apply", "--dry-run").code == 0
    assert team.rows(f"SELECT count(*) FROM {team.own('applied')}") == [(0,)]


def test_a_saved_plan_is_applied_only_while_it_is_true(team: Team, run: Callable[..., Any]) -> None:
    wrote = run("db", "plan", "--out", "plan.json", "--json")
    assert json.loads((team.root / "plan.json").read_text()) == wrote.json
    assert "plan.json" in wrote.stderr
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 900001, "theirs")
    for words in (["--yes"], ["--dry-run"]):
        refused = run("db", "apply", "plan.json", *words, "--json")
        assert (refused.code, refused.json["error"]["code"]) == (8, "refused")
    run("db", "plan", "--out", "plan.json")
    assert run("db", "apply", "plan.json", "--yes").code == 0
    assert run("db", "apply", "plan.json", "--yes").code == 8, "a plan is applied once"


def test_status_counts(team: Team, run: Callable[..., Any]) -> None:
    before = run("db", "status", "--json").json
    assert (before["database"], before["covered"]) == (".civgen/local.db", 0)
    run("db", "apply", "--yes")
    after = run("db", "status", "--json").json
    assert after["pending"] == 0
    assert after["covered"] >= after["rows"]["EcosystemCheckpoints"] > 0
    assert after["rows"]["CoveredCheckpoint"] == 0
    assert "may generate" in run("db", "status").stdout


def test_a_database_of_another_kind_is_named_as_such(team: Team, run: Callable[..., Any]) -> None:
    (team.root / "civgen.toml").write_text(
        "[environments.prod]\ndatabase = 'postgresql://db.example.org/civitai'\n"
    )
    answer = run("--env", "prod", "db", "status", "--json")
    assert answer.code == 2
    assert "no SQLite file" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    "module", ["cli.commands.db", "db.plan", "db.apply", "db.coverage", "db.resources", "db.status"]
)
def test_importing_it_loads_no_database_library(module: str) -> None:
    code = f"import sys, civgen.{module}; print(*{{'sqlalchemy', 'sqlmodel', 'psycopg'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
