"""Applying: all or nothing, once, and only to what is civgen's own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from team import Team, text_of

from civgen.db import apply as apply_module
from civgen.db.apply import apply_plan
from civgen.db.changes import Create, Delete
from civgen.db.plan import Plan, ordered
from civgen.errors import Refused

LISTS = (
    'SELECT id, name FROM "EcosystemCheckpoints" ORDER BY 1',
    'SELECT * FROM "GenerationBaseModel" ORDER BY 1',
)


def test_after_applying_nothing_is_pending_and_everything_wanted_is_covered(team: Team) -> None:
    wanted = {change.key["id"] for change in team.plan().changes if change.table == "EcosystemCheckpoints"}
    team.apply()
    assert team.plan() == Plan(())
    covered = {row[0] for row in team.rows('SELECT "modelVersionId" FROM "GenerationCoverage"')}
    assert wanted <= covered


def test_what_was_applied_is_on_record(team: Team) -> None:
    plan = team.plan()
    applied = team.apply()
    assert applied is not None
    ((number, fingerprint),) = team.rows(f"SELECT id, fingerprint FROM {team.own('applied')}")
    assert (number, fingerprint) == (applied.id, plan.fingerprint)
    assert team.apply() is None
    assert team.rows(f"SELECT count(*) FROM {team.own('applied')}") == [(1,)]


def test_created_rows_carry_the_times_that_triggers_would_set_later(team: Team) -> None:
    applied = team.apply()
    assert applied is not None
    times = '"updatedAt", "publishedAt", "initialPublishedAt"'
    at = text_of(applied.at)
    assert team.rows(f'SELECT {times} FROM "ModelVersion" WHERE id = 900001') == [(at, at, at)]
    assert team.rows('SELECT "lastVersionAt", "publishedAt" FROM "Model" WHERE id = -900') == [(at, at)]


def test_a_plan_is_refused_when_the_database_has_moved_on(team: Team) -> None:
    plan = team.plan()
    team.run('INSERT INTO "GenerationBaseModel" VALUES (?)', "Aurora")
    with pytest.raises(Refused, match="out of date"):
        apply_plan(team.database, team.catalog, plan)
    assert team.rows('SELECT * FROM "GenerationBaseModel"') == [("Aurora",)]
    assert team.rows('SELECT count(*) FROM "EcosystemCheckpoints"') == [(0,)]


def test_a_plan_is_refused_when_the_catalogue_has_moved_on(team: Team) -> None:
    plan = team.plan()
    team.say(versions=["id = 900001\nlabel = 'v1'", "id = 900002\nlabel = 'v2'"])
    with pytest.raises(Refused, match="out of date"):
        apply_plan(team.database, team.catalog, plan)


def test_a_failure_on_the_way_leaves_everything_as_it_was(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> int:
        raise RuntimeError("power cut")

    monkeypatch.setattr(apply_module, "record", fail)
    with pytest.raises(RuntimeError):
        team.apply()
    assert team.rows('SELECT count(*) FROM "Model"') == [(0,)]
    assert team.rows('SELECT count(*) FROM "EcosystemCheckpoints"') == [(0,)]


def test_rows_of_others_are_never_touched(team: Team) -> None:
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 900001, "their own words")
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 777, "not in the catalogue")
    team.run('INSERT INTO "GenerationBaseModel" VALUES (?)', "Kolors")
    team.apply()
    team.forget()
    team.apply()
    assert {(777, "not in the catalogue"), (900001, "their own words")} <= set(team.rows(LISTS[0]))
    assert ("Kolors",) in team.rows(LISTS[1])


def test_own_rows_follow_the_files(team: Team) -> None:
    team.apply()
    team.say(versions=["id = 900001\nlabel = 'v1.1'\ncoverage = 'external'"])
    actions = [(change.action, change.table) for change in team.plan().changes]
    assert actions == [("update", "ModelVersion"), ("delete", "EcosystemCheckpoints")]
    second = team.apply()
    assert second is not None
    row = team.rows('SELECT name, "usageControl", "updatedAt" FROM "ModelVersion" WHERE id = 900001')
    assert row == [("v1.1", "ExternalGeneration", text_of(second.at))]
    assert team.plan() == Plan(())


def test_a_version_moves_to_its_model_once_the_catalogue_knows_it(team: Team) -> None:
    team.apply()
    team.say(versions=["id = 900001\nlabel = 'v1'\nmodel_id = 4711"])
    team.apply()
    assert team.rows('SELECT "modelId" FROM "ModelVersion" WHERE id = 900001') == [(4711,)]


def test_an_ecosystem_that_goes_takes_its_list_entries_along_but_no_models(team: Team) -> None:
    team.apply()
    team.forget()
    gone = [change for change in team.plan().changes if isinstance(change, Delete)]
    assert [(change.table, change.key) for change in gone] == [
        ("GenerationBaseModel", {"baseModel": "Aurora"}),
        ("EcosystemCheckpoints", {"id": 900001}),
    ]
    team.apply()
    assert team.plan() == Plan(())
    assert team.rows('SELECT id FROM "ModelVersion" WHERE id = 900001') == [(900001,)]


def test_a_row_deleted_and_written_again_by_others_is_theirs(team: Team) -> None:
    team.apply()
    team.forget()
    team.apply()
    team.run('INSERT INTO "GenerationBaseModel" VALUES (?)', "Aurora")
    assert team.plan() == Plan(())


def test_the_inverses_of_a_plan_bring_the_rows_back(team: Team) -> None:
    before = [team.rows(sql) for sql in LISTS]
    plan = team.plan()
    team.apply()
    undone = ordered(change.inverse() for change in plan.changes)
    with team.database.writing() as connection:
        apply_module.write(connection, undone, apply_module.timestamp())
    assert [team.rows(sql) for sql in LISTS] == before
    assert team.plan().fingerprint == plan.fingerprint


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(st.integers(900001, 900006), st.sampled_from(["a", "b"]), min_size=1), max_size=4
    )
)
def test_whatever_the_files_say_one_after_another_the_list_says_the_last(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[int, str]]
) -> None:
    root = tmp_path_factory.mktemp("workspace")
    (root / "civgen.toml").touch()
    (root / "ecosystems").mkdir()
    team = Team(root)
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 900003, "theirs")
    last = {900001: "v1"}
    team.apply()
    for last in history:
        team.say(versions=[f"id = {number}\nlabel = '{label}'" for number, label in last.items()])
        team.apply()
        assert team.plan() == Plan(())
    mine = {number: f"Aurora {label}" for number, label in last.items()} | {900003: "theirs"}
    rows = team.rows('SELECT id, name FROM "EcosystemCheckpoints" WHERE id BETWEEN 900000 AND 900999')
    assert dict(rows) == mine


def test_a_thousand_rows_are_a_handful_of_statements(team: Team, listen: Callable[[Any], list[str]]) -> None:
    team.say(versions=[f"id = {n}\nlabel = 'v{n}'" for n in range(900001, 901001)])
    plan = team.plan()
    assert plan.counts["create"] > 2000
    heard = listen(team.database)
    apply_plan(team.database, team.catalog, plan)
    assert len([statement for statement in heard if statement.startswith("INSERT")]) == 5


def test_of_several_that_apply_at_once_one_does(team: Team) -> None:
    script = """
        import sys
        from pathlib import Path
        from team import Team, text_of
        from civgen.errors import Refused
        team = Team.__new__(Team)
        team.root = Path(sys.argv[1])
        try:
            print("applied" if team.apply() else "nothing to do")
        except Refused:
            print("refused")
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(team.root)]
    env = {"PYTHONPATH": str(Path(__file__).parent)}
    running = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=60)[0].strip() for process in running]
    assert said.count("applied") == 1
    assert set(said) <= {"applied", "nothing to do", "refused"}
    assert team.rows(f"SELECT count(*) FROM {team.own('applied')}") == [(1,)]
    assert team.plan() == Plan(())


def test_a_create_is_written_with_exactly_its_columns(team: Team, listen: Callable[[Any], list[str]]) -> None:
    heard = listen(team.database)
    with team.database.writing() as connection:
        row = Create("EcosystemCheckpoints", {"id": 5}, {"name": "five"}, "")
        apply_module.write(connection, [row], apply_module.timestamp())
    assert 'INSERT INTO "EcosystemCheckpoints" (id, name) VALUES (?, ?)' in heard
