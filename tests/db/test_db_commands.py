"""`civgen db` as people and programs meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
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
    assert any(line.endswith("rows  of the built-in catalogue") for line in map(str.strip, shown))
    assert shown[-2:] == [f"{len(team.plan().changes)} to create", "--all shows every row."]
    everything = run("db", "plan", "--all").stdout.splitlines()
    assert len(everything) > len(team.plan().changes)
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
    assert json.loads((team.root / "plan.json").read_text()) | {"next": wrote.json["next"]} == wrote.json
    assert wrote.json["next"] == ["civgen db apply plan.json"] and "plan.json" in wrote.stderr
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 900001, "theirs")
    for words in (["--yes"], ["--dry-run"]):
        refused = run("db", "apply", "plan.json", *words, "--json")
        assert (refused.code, refused.json["error"]["code"]) == (8, "refused")
    run("db", "plan", "--out", "plan.json")
    assert run("db", "apply", "plan.json", "--yes").code == 0
    assert run("db", "apply", "plan.json", "--yes").code == 8, "a plan is applied once"


def test_status_counts(team: Team, run: Callable[..., Any]) -> None:
    before = run("db", "status", "--json").json
    assert (before["covered"], before["adopted"], before["waiting"]) == (0, False, 0)
    run("db", "apply", "--yes")
    after = run("db", "status", "--json").json
    assert after["pending"] == 0
    assert after["waiting"] == after["rows"]["Model"]
    assert after["covered"] >= after["rows"]["EcosystemCheckpoints"] > 0
    assert after["rows"]["CoveredCheckpoint"] == 0
    assert "may generate" in run("db", "status").stdout


def test_a_database_of_another_kind_is_named_as_such(workspace: Path, run: Callable[..., Any]) -> None:
    (workspace / "civgen.toml").write_text(
        "[environments.prod]\ndatabase = 'mysql://db.example.org/civitai'\n"
    )
    answer = run("--env", "prod", "db", "status", "--json")
    assert answer.code == 2
    assert "neither SQLite nor PostgreSQL" in answer.json["error"]["message"]


def test_check_is_the_plan_as_a_gate(team: Team, run: Callable[..., Any]) -> None:
    answer = run("db", "check", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (7, "answer-is-no")
    run("db", "apply", "--yes")
    assert run("db", "check").code == 0
    team.forget()
    assert run("db", "check").code == 0
    assert "2 rows of civgen's own are no longer wanted; --prune deletes them." in run("db", "check").stdout
    assert run("db", "check", "--prune").code == 7


def test_a_plan_is_shown_as_a_table_json_markdown_or_a_page(team: Team, run: Callable[..., Any]) -> None:
    team.say(versions=["id = 900001\nlabel = 'v1 <b>|*bold*'"])
    document = json.loads(run("db", "plan", "--format", "json").stdout)
    assert document | {"next": ["civgen db apply"]} == run("db", "plan", "--json").json
    markdown = run("db", "plan", "--format", "markdown").stdout
    assert "| + | 900001 | Aurora v1 \\<b\\>\\|\\*bold\\* | ecosystems/Aurora.toml |" in markdown
    page = run("db", "plan", "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "<td>Aurora v1 &lt;b&gt;|*bold*</td>" in page
    count = len(team.plan().changes)
    assert (page.count('<tr class="create">'), markdown.count("\n| + |")) == (count, count)


def test_applying_rolling_back_and_what_was_done(team: Team, run: Callable[..., Any]) -> None:
    nothing = run("db", "rollback", "--yes", "--json")
    assert (nothing.code, nothing.json["error"]["code"]) == (4, "not-found")
    run("db", "apply", "--yes")
    count = len(team.rows('SELECT id FROM "EcosystemCheckpoints"'))
    assert run("db", "rollback").code == 8
    assert run("db", "rollback", "--dry-run", "--json").json["undoes"] == 1
    assert len(team.rows('SELECT id FROM "EcosystemCheckpoints"')) == count
    done = run("db", "rollback", "1", "--yes", "--json").json
    assert (done["undoes"], done["applied"]["id"]) == (1, 2)
    assert team.rows('SELECT id FROM "EcosystemCheckpoints"') == []
    plans = run("db", "history", "--json").json["plans"]
    assert [(one["id"], one["undoes"], one["undone_by"]) for one in plans] == [(2, 1, None), (1, None, 2)]
    assert run("db", "rollback", "1", "--yes").code == 8, "once is enough"
    assert "undone by" in run("db", "history").stdout


def test_a_plan_file_brings_its_own_scope(team: Team, run: Callable[..., Any]) -> None:
    run("db", "plan", "--auction", "Aurora", "--out", "plan.json")
    both = run("db", "apply", "plan.json", "--prune", "--yes", "--json")
    assert (both.code, both.json["error"]["code"]) == (2, "invalid-input")
    assert run("db", "apply", "plan.json", "--yes").code == 0
    assert team.rows('SELECT ecosystem FROM "AuctionBase"') == [("Aurora",)]


def test_an_unknown_ecosystem_or_one_that_is_not_auctioned_is_said(
    team: Team, run: Callable[..., Any]
) -> None:
    unknown = run("db", "plan", "--auction", "Auroar", "--json")
    assert (unknown.code, unknown.json["error"]["hint"]) == (4, "Did you mean Aurora?")


@pytest.mark.parametrize(
    "module",
    [
        *("cli.commands.db", "db.plan", "db.planning", "db.apply", "db.undo", "db.coverage", "db.resources"),
        *("db.status", "db.render_text", "db.access", "db.own", "scaffold.outcome"),
    ],
)
def test_importing_it_loads_no_database_library(module: str) -> None:
    heavy = {"sqlalchemy", "sqlmodel", "psycopg", "alembic", "keyring", "jinja2", "rich"}
    code = f"import sys, civgen.{module}; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
