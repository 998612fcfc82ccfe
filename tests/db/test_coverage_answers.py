"""`civgen coverage`: through which branch, what is missing, and that what it says would help does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from team import Team
from test_coverage import CASES, add_version

from civgen.catalog import Catalog
from civgen.db.answers import Answer, answer

REFUSED = [case for case in CASES if not case["covered"]]


def asked(team: Team, number: int) -> Answer:
    with team.database.reading() as connection:
        return answer(connection, Catalog(team.root), number)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
@pytest.mark.parametrize("branch", ["curated", "external", "regular"])
def test_the_statements_of_a_branch_make_it_cover(team: Team, case: dict[str, Any], branch: str) -> None:
    with team.database.writing() as connection:
        number = add_version(connection, case)
    before = asked(team, number)
    remedies = [remedy for one, _, remedy in before.missing if one.name == branch]
    for remedy in remedies:
        if remedy.sql:
            team.run(remedy.sql)
    after = asked(team, number)
    assert (branch in after.coverage.through) is all(remedy.sql for remedy in remedies)
    assert len(after.missing) < len(before.missing) or not any(remedy.sql for remedy in remedies)


def test_what_is_missing_of_the_nearest_branch_comes_first(team: Team) -> None:
    case = {"model": {"type": "Checkpoint"}, "version": {"status": "Draft"}}
    with team.database.writing() as connection:
        number = add_version(connection, case)
    missing = [(branch.name, check.name) for branch, check, _ in asked(team, number).missing]
    assert missing == [
        ("regular", "available"),
        ("regular", "type"),
        ("external", "usage-control"),
        ("external", "published"),
        ("curated", "listed"),
    ]


def test_the_rows_that_the_catalogue_wants_are_civgens_to_write(team: Team, run: Callable[..., Any]) -> None:
    assert team.database.place
    before = run("coverage", "900001", "--json").json
    assert (before["covered"], before["ecosystem"], before["name"]) == (False, "Aurora", "Aurora v1")
    (check,) = before["branches"][0]["checks"]
    assert (check["name"], check["remedy"]["command"]) == ("exists", "civgen db apply")

    run("db", "apply", "--yes")
    team.run('DELETE FROM "EcosystemCheckpoints" WHERE id = 900001')
    gone = run("coverage", "900001", "--check", "--json")
    assert (gone.code, gone.json["error"]["code"]) == (7, "answer-is-no")
    listed = gone.json["data"]["branches"][0]["checks"][0]
    assert listed["remedy"]["command"] == "civgen db apply"

    run("db", "apply", "--yes")
    after = run("coverage", "900001", "--check", "--json")
    assert (after.code, after.json["covered"], after.json["through"]) == (0, True, ["curated"])


def test_a_checkpoint_of_others_is_added_to_the_catalogue(team: Team, run: Callable[..., Any]) -> None:
    case = {
        "model": {"type": "Checkpoint", "name": "Dawn"},
        "version": {"baseModel": "Aurora"},
        "file": False,
    }
    with team.database.writing() as connection:
        number = add_version(connection, case)
    (listed,) = run("coverage", str(number), "--json").json["branches"][0]["checks"]
    command, apply = listed["remedy"]["command"].split(" && ")
    assert run(*command.split()[1:]).code == 0
    assert run(*apply.split()[1:], "--yes").code == 0
    assert run("coverage", str(number), "--json").json["through"] == ["curated"]


def test_an_ecosystem_is_answered_version_by_version(team: Team, run: Callable[..., Any]) -> None:
    team.say(versions=["id = 900001\nlabel = 'v1'", "id = 900002\nlabel = 'v2'\ncoverage = 'external'"])
    run("db", "apply", "--yes")
    team.run('UPDATE "ModelVersion" SET status = ? WHERE id = 900002', "Draft")
    said = run("coverage", "aurora", "--check", "--json")
    assert said.code == 7
    versions = said.json["data"]["versions"]
    assert [(one["version"], one["covered"], one["through"]) for one in versions] == [
        (900001, True, ["curated"]),
        (900002, False, []),
    ]
    shown = run("coverage", "Aurora").stdout
    assert "status Published" in shown
    assert "900001" in shown


def test_without_a_database_it_answers_by_the_plan_and_makes_none(
    workspace: Path, run: Callable[..., Any]
) -> None:
    for said in (run("coverage", "2164239", "--json"), run("coverage", "Chroma", "--json")):
        answers = said.json.get("versions") or [said.json]
        assert [(one["version"], one["covered"]) for one in answers] == [(2164239, True)]
        assert "once its plan was applied" in said.json["from"]
    assert not (workspace / ".civgen").exists()
    (workspace / "civgen.toml").unlink()
    assert run("coverage", "2164239", "--json").json["covered"] is True


def test_what_nobody_knows_is_not_found(team: Team, run: Callable[..., Any]) -> None:
    assert run("coverage", "77", "--json").json["error"]["code"] == "not-found"
    unknown = run("coverage", "Auroar", "--json")
    assert (unknown.code, unknown.json["error"]["hint"]) == (4, "Did you mean Aurora?")


def test_a_person_reads_what_would_help(team: Team, run: Callable[..., Any]) -> None:
    with team.database.writing() as connection:
        number = add_version(connection, {"version": {"baseModel": "Nobody's"}})
    shown = run("coverage", str(number)).stdout
    assert "may not generate" in shown
    assert "civgen add-base-model" in shown
