"""Applying: all or nothing, once, and only to what is civgen's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from team import Team, text_of

from civgen.db import apply as apply_module
from civgen.db.apply import apply_plan
from civgen.db.changes import Delete
from civgen.db.plan import Plan
from civgen.errors import InvalidInput, Refused

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
    team.apply(prune=True)
    assert {(777, "not in the catalogue"), (900001, "their own words")} <= set(team.rows(LISTS[0]))
    assert ("Kolors",) in team.rows(LISTS[1])


def test_own_rows_follow_the_files(team: Team) -> None:
    team.apply()
    team.say(versions=["id = 900001\nlabel = 'v1.1'\ncoverage = 'external'"])
    actions = [(change.action, change.table) for change in team.plan(prune=True).changes]
    assert actions == [("update", "ModelVersion"), ("delete", "EcosystemCheckpoints")]
    second = team.apply(prune=True)
    assert second is not None
    row = team.rows('SELECT name, "usageControl", "updatedAt" FROM "ModelVersion" WHERE id = 900001')
    assert row == [("v1.1", "ExternalGeneration", text_of(second.at))]
    assert team.plan() == Plan(())


def test_a_version_moves_to_its_model_once_the_catalogue_knows_it(team: Team) -> None:
    team.apply()
    team.say(versions=["id = 900001\nlabel = 'v1'\nmodel_id = 4711"])
    team.apply()
    assert team.rows('SELECT "modelId" FROM "ModelVersion" WHERE id = 900001') == [(4711,)]


def test_nothing_is_deleted_without_being_asked_for(team: Team) -> None:
    team.apply()
    team.forget()
    plan = team.plan()
    assert (plan.changes, plan.leftover) == ((), 2)
    assert team.plan(prune=True).leftover == 0


def test_an_ecosystem_that_goes_takes_its_list_entries_along_but_no_models(team: Team) -> None:
    team.apply()
    team.forget()
    gone = [change for change in team.plan(prune=True).changes if isinstance(change, Delete)]
    assert [(change.table, change.key) for change in gone] == [
        ("GenerationBaseModel", {"baseModel": "Aurora"}),
        ("EcosystemCheckpoints", {"id": 900001}),
    ]
    team.apply(prune=True)
    assert team.plan() == Plan(())
    assert team.rows('SELECT id FROM "ModelVersion" WHERE id = 900001') == [(900001,)]


def test_a_row_deleted_and_written_again_by_others_is_theirs(team: Team) -> None:
    team.apply()
    team.forget()
    team.apply(prune=True)
    team.run('INSERT INTO "GenerationBaseModel" VALUES (?)', "Aurora")
    assert team.plan(prune=True).changes == ()


def test_the_user_can_name_rows_whoever_wrote_them(team: Team) -> None:
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 777, "not in the catalogue")
    team.run('INSERT INTO "GenerationBaseModel" VALUES (?)', "A: B")
    plan = team.plan(
        delete=("EcosystemCheckpoints:777", "GenerationBaseModel:A: B", "EcosystemCheckpoints:778")
    )
    assert [change.as_json() for change in plan.changes if isinstance(change, Delete)] == [
        {
            "table": "GenerationBaseModel",
            "key": {"baseModel": "A: B"},
            "before": {},
            "reason": "named by --delete",
            "action": "delete",
        },
        {
            "table": "EcosystemCheckpoints",
            "key": {"id": 777},
            "before": {"name": "not in the catalogue"},
            "reason": "named by --delete",
            "action": "delete",
        },
    ]


def test_a_row_that_is_wanted_and_named_to_go_goes_and_stays_away_while_it_is_named(team: Team) -> None:
    team.apply()
    team.apply(delete=("EcosystemCheckpoints:900001",))
    assert team.plan(delete=("EcosystemCheckpoints:900001",)).changes == ()
    assert [change.key for change in team.plan().changes] == [{"id": 900001}]


def test_every_name_that_names_no_row_is_said(team: Team) -> None:
    with pytest.raises(InvalidInput) as error:
        team.plan(
            delete=("Model:1", "EcosystemCheckpoints:one", "CoveredCheckpoint:1", "AuctionBase:Model:Krea2")
        )
    said = [problem.message for problem in error.value.details]
    assert len(said) == 3
    assert "names no table" in said[0] and "'EcosystemCheckpoints:one' names no row" in said[1]


def test_an_auction_is_wanted_on_request_by_key(team: Team) -> None:
    assert not [change for change in team.plan().changes if change.table == "AuctionBase"]
    team.apply(auctions=("Aurora",))
    columns = 'type, ecosystem, name, slug, quantity, "minPrice", active'
    row = ("Model", "Aurora", "Featured Resources - Aurora", "featured-resources-aurora", 40, 100)
    assert [found[:6] for found in team.rows(f'SELECT {columns} FROM "AuctionBase"')] == [row]
    assert team.plan(auctions=("Aurora",)).changes == ()
    team.forget()
    assert not [change for change in team.plan(prune=True).changes if change.table == "AuctionBase"]


def test_an_auction_whose_name_is_taken_is_refused_and_nothing_is_written(team: Team) -> None:
    columns = 'type, name, slug, quantity, "minPrice"'
    values = ("Image", "Featured Resources - Aurora", "theirs", 1, 1)
    team.run(f'INSERT INTO "AuctionBase" ({columns}) VALUES (?, ?, ?, ?, ?)', *values)
    with pytest.raises(Refused, match=r"does not take the changes.*name"):
        team.apply(auctions=("Aurora",))
    assert team.rows('SELECT count(*) FROM "EcosystemCheckpoints"') == [(0,)]


def test_many_deletions_must_be_allowed(team: Team) -> None:
    team.say(versions=[f"id = {n}\nlabel = 'v{n}'" for n in range(900001, 900061)])
    team.apply()
    team.say(versions=["id = 900001\nlabel = 'v900001'"])
    plan = team.plan(prune=True)
    assert plan.many == ("EcosystemCheckpoints",)
    with pytest.raises(Refused, match="EcosystemCheckpoints would lose 59 rows: more than 50") as error:
        apply_plan(team.database, team.catalog, plan)
    assert "--allow-many" in str(error.value.hint)
    assert apply_plan(team.database, team.catalog, plan, allow_many=True)
    assert team.plan(prune=True).changes == ()


def test_a_share_of_a_short_list_is_many_too(team: Team) -> None:
    rows = [f"EcosystemCheckpoints:{n}" for n in range(1, 11)]
    for n in range(1, 11):
        team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', n, "theirs")
    assert team.plan(delete=tuple(rows[:3])).many == ()
    assert team.plan(delete=tuple(rows[:4])).many == ("EcosystemCheckpoints",)


def test_models_that_changed_go_into_the_outbox_once_each(team: Team) -> None:
    versions = ["id = 900001\nlabel = 'v1'\nmodel_id = 4711", "id = 900002\nlabel = 'v2'\nmodel_id = 4711"]
    team.say(versions=versions)
    applied = team.apply()
    assert applied is not None
    outbox = f"SELECT id, model_id, at FROM {team.own('outbox')}"
    found = team.rows(f"{outbox} WHERE model_id = 4711")
    assert [(model, at) for _, model, at in found] == [(4711, text_of(applied.at))]
    last = max(number for number, *_ in team.rows(outbox))
    # Somebody takes it off the list: the model is named by a row that is not civgen's.
    team.apply(delete=("EcosystemCheckpoints:900002",))
    ((number, model, _),) = team.rows(f"{outbox} WHERE id > {last}")
    assert model == 4711 and number > last


def test_a_new_version_of_a_known_model_makes_it_news(team: Team) -> None:
    first, second = "id = 900001\nlabel = 'v1'", "id = 900002\nlabel = 'v2'"
    team.say(versions=[first])
    team.apply()
    team.say(versions=[first, second])
    applied = team.apply()
    assert applied is not None
    assert team.rows('SELECT "lastVersionAt" FROM "Model" WHERE id = -900') == [(text_of(applied.at),)]


def test_a_thousand_rows_are_a_handful_of_statements(team: Team, listen: Callable[[Any], list[str]]) -> None:
    team.say(versions=[f"id = {n}\nlabel = 'v{n}'" for n in range(900001, 901001)])
    plan = team.plan()
    assert plan.counts["create"] > 2000
    heard = listen(team.database)
    apply_plan(team.database, team.catalog, plan)
    assert len([statement for statement in heard if not statement.startswith("SELECT")]) <= 12
