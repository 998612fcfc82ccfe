"""`civgen db import`: models from one environment's database to another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from team import Team
from test_coverage import AT, CASES, add_file, add_version

from civgen.db.coverage import explain_coverage
from civgen.db.tables import table

HERE = ["db", "import", "--from-env", "theirs"]


@pytest.fixture
def theirs(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Team]:
    """Another environment's database, of the same kind, with a user of its own."""
    root = tmp_path / "theirs"
    (root / "ecosystems").mkdir(parents=True)
    if kind == "sqlite":
        url, drop = f"sqlite:///{root}/their.db", None
    else:
        server, made = request.getfixturevalue("server"), request.getfixturevalue("made")
        name = server.new_database(made)
        url, drop = server.url(name), f"DROP DATABASE {name} (FORCE)"
    other = Team(root, url)
    other.run('INSERT INTO "User" (id, username) VALUES (?, ?)', 5, "maker")
    yield other
    if drop:
        server.execute(drop)


@pytest.fixture
def ours(team: Team, theirs: Team) -> Team:
    """The workspace, which knows the other environment by name."""
    settings = team.root / "civgen.toml"
    settings.write_text(
        f"{settings.read_text()}[environments.theirs]\ndatabase = {theirs.environment.database!r}\n"
    )
    return team


def add_case(theirs: Team, case: dict[str, Any]) -> None:
    with theirs.database.writing() as connection:
        add_version(connection, {**case, "model": {"userId": 5, "publishedAt": AT} | case.get("model", {})})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_was_copied_is_covered_as_it_was_there(
    ours: Team, theirs: Team, run: Callable[..., Any], case: dict[str, Any]
) -> None:
    add_case(theirs, case)
    assert run(*HERE, "--version", "2", "--yes").code == 0
    with theirs.database.reading() as connection:
        expected = explain_coverage(connection, 2)
    with ours.database.reading() as connection:
        found = explain_coverage(connection, 2)
    assert found.through == expected.through
    if not case.get("version", {}).get("baseModel"):
        assert found == expected


def test_copying_is_a_plan_like_any_other(ours: Team, theirs: Team, run: Callable[..., Any]) -> None:
    version = {"trainedWords": ["fox"], "settings": {"strength": 0.7}, "licensingFee": 2.5, "publishedAt": AT}
    add_case(theirs, {"version": version})
    there, before = theirs.everything(), ours.everything()

    refused = run(*HERE, "--model", "1")
    assert (refused.code, "--yes" in refused.stderr) == (8, True)
    dry = run(*HERE, "--model", "1", "--dry-run", "--json").json
    assert ours.everything() == before

    done = run(*HERE, "--model", "1", "--yes", "--json").json
    assert done["fingerprint"] == dry["fingerprint"]
    assert done["counts"] == {"create": 5}, "a user, a model, a version, a file, a base model"
    names = ("Model", "ModelVersion", "ModelFile")
    assert {name: ours.everything()[name] for name in names} == {name: there[name] for name in names}
    assert ours.rows(f"SELECT count(*) FROM {ours.own('outbox')}") == [(1,)]

    again = run(*HERE, "--model", "1", "--json")
    assert (again.code, again.json["changes"], again.json["applied"]) == (0, [], None)
    assert "has all of it" in run(*HERE, "--model", "1").stderr
    assert theirs.everything() == there, "the source is only read"

    assert run("db", "history", "--json").json["plans"][0]["counts"] == {"create": 5}
    assert run("db", "rollback", "--yes").code == 0
    assert ours.everything() == before


def test_what_changes_there_follows_on_the_next_copy(
    ours: Team, theirs: Team, run: Callable[..., Any]
) -> None:
    add_case(theirs, {"file": {"scanned": False}})
    run(*HERE, "--model", "1", "--yes")
    before = ours.everything()
    theirs.run('UPDATE "ModelFile" SET "scannedAt" = ? WHERE id = 1', "2026-02-03 04:05:06.000000")
    theirs.run('UPDATE "Model" SET name = ? WHERE id = 1', "renamed")
    changes = run(*HERE, "--model", "1", "--yes", "--json").json["changes"]
    assert [(one["action"], one["table"], one["after"]) for one in changes] == [
        ("update", "Model", {"name": "renamed"}),
        ("update", "ModelFile", {"scannedAt": "2026-02-03T04:05:06"}),
    ]
    assert ours.rows('SELECT "scannedAt" FROM "ModelFile"') == [("2026-02-03 04:05:06.000000",)]
    assert run("db", "rollback", "--yes").code == 0
    assert ours.everything() == before


def test_copies_and_the_catalogue_leave_each_others_rows_alone(
    ours: Team, theirs: Team, run: Callable[..., Any]
) -> None:
    add_case(theirs, {"curated": True})
    run("db", "apply", "--yes")
    run(*HERE, "--model", "1", "--yes")
    plan = run("db", "plan", "--prune", "--json").json
    assert (plan["changes"], plan["leftover"]) == ([], 0)

    model = {"name": "Real Aurora", "type": "Checkpoint", "userId": 5, "updatedAt": AT}
    version = {"modelId": 70, "name": "v1", "baseModel": "Aurora", "updatedAt": AT}
    with theirs.database.writing() as connection:
        connection.execute(insert(table("Model")), {"id": 70, **model})
        connection.execute(insert(table("ModelVersion")), {"id": 900001, **version})
        add_file(connection, modelVersionId=900001)
    done = run(*HERE, "--model", "70", "--yes", "--json").json
    assert {one["table"] for one in done["changes"]} == {"Model", "ModelFile"}
    assert run("db", "plan", "--check").code == 0


def test_a_number_that_is_another_model_here_is_refused(
    ours: Team, theirs: Team, run: Callable[..., Any]
) -> None:
    add_case(theirs, {})
    with ours.database.writing() as connection:
        add_version(connection, {"model": {"name": "Another"}, "file": False})
    before = ours.everything()
    refused = run(*HERE, "--version", "2", "--yes", "--json")
    assert (refused.code, refused.json["error"]["details"][0]["field"]) == (8, "Model")
    assert "'Another'" in refused.json["error"]["message"]
    assert ours.everything() == before


def test_every_number_that_is_not_there_is_named(ours: Team, run: Callable[..., Any]) -> None:
    refused = run(*HERE, "--model", "7", "--version", "8", "--version", "9", "--json")
    assert refused.code == 4
    assert [one["given"] for one in refused.json["error"]["details"]] == [8, 9, 7]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--model", "1"],
        ["--from-env", "theirs"],
        ["--from-env", "theirs", "--from-url", "sqlite:///x.db", "--model", "1"],
    ],
)
def test_both_sides_must_be_said(ours: Team, run: Callable[..., Any], words: list[str]) -> None:
    assert run("db", "import", *words, "--json").code == 2


def test_a_source_that_is_not_there_is_not_made(ours: Team, run: Callable[..., Any]) -> None:
    assert run("db", "import", "--from-url", "sqlite:///nowhere.db", "--model", "1", "--json").code == 4
    assert not (ours.root / "nowhere.db").exists()


def test_a_password_in_the_url_is_never_shown(ours: Team, run: Callable[..., Any]) -> None:
    for url in ("postgresql://me:S3cret@127.0.0.1:1/x", "postgresql://me:S3cret@127.0.0.1:bad/x"):
        for format_ in ([], ["--json"]):
            failed = run("db", "import", "--from-url", url, "--model", "1", *format_)
            assert failed.code in (2, 5)
            assert "S3cret" not in failed.stdout + failed.stderr


def test_the_platforms_own_database_is_read_and_never_given_users(
    ours: Team, theirs: Team, run: Callable[..., Any]
) -> None:
    add_case(theirs, {})
    if not ours.on_sqlite:
        for team in (theirs, ours):
            team.run("COMMENT ON TABLE \"User\" IS 'the platform''s'")
        missing = run(*HERE, "--model", "1", "--yes", "--json")
        assert (missing.code, missing.json["error"]["details"][0]["given"]) == (8, 5)
        ours.run('INSERT INTO "User" (id) VALUES (5)')
        ours.run('ALTER TABLE "Model" ADD COLUMN timeframe text NOT NULL')
        needed = run(*HERE, "--model", "1", "--yes", "--json")
        assert (needed.code, "timeframe" in needed.json["error"]["message"]) == (8, True)
        ours.run("ALTER TABLE \"Model\" ALTER COLUMN timeframe SET DEFAULT 'day'")
    assert run(*HERE, "--model", "1", "--yes").code == 0
    assert ours.rows('SELECT "userId" FROM "Model" WHERE id = 1') == [(5,)]


def test_a_person_sees_wide_rows_in_one_cell(ours: Team, theirs: Team, run: Callable[..., Any]) -> None:
    add_case(theirs, {})
    shown = run(*HERE, "--model", "1", "--dry-run").stdout
    assert "name m · type LORA · userId 5" in shown
    assert "None" not in shown
