"""The plan: what the catalogue wants against what is there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from team import Team

from civgen.catalog import Catalog
from civgen.db.changes import Change, Create, Delete, Update
from civgen.db.plan import Plan
from civgen.db.planfile import read_plan, write_plan
from civgen.db.planning import make_plan, ordered
from civgen.db.render_table import plan_view
from civgen.errors import InvalidFile

CREATE = Create("EcosystemCheckpoints", {"id": 1}, {"name": "Aurora v1"}, "ecosystems/Aurora.toml")
UPDATE = Update("ModelVersion", {"id": 1}, {"name": "v1"}, {"name": "v1.1"}, "ecosystems/Aurora.toml")
DELETE = Delete("GenerationBaseModel", {"baseModel": "Aurora"}, {}, "no longer in ecosystems/Aurora.toml")


def of(plan: Plan, table: str) -> list[Change]:
    """The changes of one table that are about the tests' own ecosystem."""
    return [change for change in plan.changes if change.table == table and "Aurora" in change.reason]


def test_an_ecosystem_that_generates_gets_its_rows(team: Team) -> None:
    plan = team.plan()
    (checkpoint,) = of(plan, "EcosystemCheckpoints")
    assert (checkpoint.key, checkpoint.values) == ({"id": 900001}, {"name": "Aurora v1"})
    assert checkpoint.reason == "ecosystems/Aurora.toml"
    assert [change.key for change in of(plan, "GenerationBaseModel")] == [{"baseModel": "Aurora"}]
    (version,) = of(plan, "ModelVersion")
    assert (
        version.values | {"baseModel": "Aurora", "status": "Published", "usageControl": "Download"}
        == version.values
    )
    (model,) = of(plan, "Model")
    assert version.values["modelId"] == model.key["id"]


def test_the_display_name_of_the_base_model_is_wanted_not_the_key(team: Team) -> None:
    team.say(base_models=["id = 900\nname = 'Aurora 1.0 Turbo'"])
    assert [change.key for change in of(team.plan(), "GenerationBaseModel")] == [
        {"baseModel": "Aurora 1.0 Turbo"}
    ]


@pytest.mark.parametrize("words", [{"types": ""}, {"engine": ""}], ids=["no support", "no engine"])
def test_what_cannot_generate_wants_no_rows(team: Team, words: dict[str, str]) -> None:
    team.say(**words)
    assert [change for change in team.plan().changes if "Aurora" in change.reason] == []


def test_a_disabled_base_model_and_its_versions_want_no_rows(team: Team) -> None:
    models = ["id = 900\nname = 'Aurora'", "id = 901\nname = 'Aurora Old'\ndisabled = true"]
    versions = ["id = 900001\nlabel = 'v1'", "id = 900002\nlabel = 'v0'\nbase_model = 'Aurora Old'"]
    team.say(base_models=models, versions=versions)
    plan = team.plan()
    assert [change.key for change in of(plan, "GenerationBaseModel")] == [{"baseModel": "Aurora"}]
    assert [change.key for change in of(plan, "EcosystemCheckpoints")] == [{"id": 900001}]


def test_coverage_decides_which_rows_a_version_gets(team: Team) -> None:
    coverages = ["ecosystem-checkpoint", "external", "covered-checkpoint"]
    team.say(
        versions=[f"id = {900001 + n}\nlabel = 'v{n}'\ncoverage = '{c}'" for n, c in enumerate(coverages)]
    )
    plan = team.plan()
    assert [change.key["id"] for change in of(plan, "EcosystemCheckpoints")] == [900001]
    usage = [change.values["usageControl"] for change in of(plan, "ModelVersion")]
    assert usage == ["Download", "ExternalGeneration", "Download"]
    team.apply()
    covered = team.rows('SELECT "modelVersionId" FROM "GenerationCoverage" WHERE "modelId" = -900 ORDER BY 1')
    assert covered == [(900001,), (900002,)]


def test_versions_of_one_model_hang_on_it_and_those_of_an_unknown_one_on_a_stand_in(team: Team) -> None:
    team.say(
        versions=[
            "id = 900001\nlabel = 'v1'\nmodel_id = 4711",
            "id = 900002\nlabel = 'v2'\nmodel_id = 4711",
            "id = 900003\nlabel = 'v3'",
        ]
    )
    plan = team.plan()
    assert [change.key["id"] for change in of(plan, "Model")] == [-900, 4711]
    assert [change.values["modelId"] for change in of(plan, "ModelVersion")] == [4711, 4711, -900]


def test_a_label_that_says_the_name_does_not_say_it_twice(team: Team) -> None:
    team.say(versions=["id = 900001\nlabel = 'Aurora XL 1.0'"])
    assert [change.values for change in of(team.plan(), "EcosystemCheckpoints")] == [
        {"name": "Aurora XL 1.0"}
    ]


def test_the_same_catalogue_and_database_give_the_same_plan(team: Team, tmp_path: Path) -> None:
    first = team.plan()
    moved = tmp_path / "elsewhere"
    shutil.copytree(team.root / "ecosystems", moved / "ecosystems")
    with team.database.reading() as connection:
        assert make_plan(connection, Catalog(moved)) == first
    assert ordered(reversed(first.changes)) == first.changes


def test_planning_asks_once_a_table_however_many_rows(team: Team, listen: Callable[[Any], list[str]]) -> None:
    team.plan()
    heard = listen(team.database)
    team.say(versions=[f"id = {n}\nlabel = 'v{n}'" for n in range(900001, 901001)])
    assert len(of(team.plan(), "EcosystemCheckpoints")) == 1000
    assert (
        len([statement for statement in heard if statement.startswith("SELECT") and " FROM " in statement])
        <= 12
    )


@pytest.mark.parametrize("change", [CREATE, UPDATE, DELETE], ids=lambda change: change.action)
def test_the_inverse_of_the_inverse_says_the_same(change: Change) -> None:
    twice = change.inverse().inverse()
    assert twice.as_json() | {"reason": ""} == change.as_json() | {"reason": ""}


def test_what_was_created_is_deleted_to_undo_it() -> None:
    assert CREATE.inverse() == Delete(
        "EcosystemCheckpoints", {"id": 1}, {"name": "Aurora v1"}, "undo: ecosystems/Aurora.toml"
    )


def test_deletions_come_last_and_children_before_their_parents() -> None:
    model, version = (Delete(name, {"id": 1}, {}, "") for name in ("Model", "ModelVersion"))
    create = Create("ModelVersion", {"id": 2}, {}, "")
    assert ordered([model, version, create]) == (create, version, model)


def test_a_plan_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    plan = Plan((CREATE, UPDATE, DELETE))
    write_plan(plan, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plan
    document = json.loads((tmp_path / "plan.json").read_text())
    assert document == plan.as_json()
    assert document["format_version"] == 2
    assert document["counts"] == {"create": 1, "update": 1, "delete": 1}


def test_an_empty_plan_file_is_json_too(tmp_path: Path) -> None:
    write_plan(Plan(()), tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == Plan(())


def test_reasons_do_not_count_in_a_fingerprint_but_values_do() -> None:
    def fingerprint(name: str, reason: str) -> str:
        return Plan((Create("EcosystemCheckpoints", {"id": 1}, {"name": name}, reason),)).fingerprint

    assert fingerprint("Aurora v1", "one") == fingerprint("Aurora v1", "another")
    assert fingerprint("Aurora v1", "one") != fingerprint("Aurora v2", "one")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda text: text.replace("Aurora v1", "Aurora v2"), "was changed"),
        (lambda text: text.replace('"format_version": 2', '"format_version": 3'), "no plan of format 2"),
        (lambda text: text.replace('"table"', '"tabel"'), "is no plan: Field required"),
        (lambda text: text[:40], "is no plan: Invalid JSON"),
        (lambda _: "[]", "is no plan: Input should be an object"),
    ],
    ids=["edited", "newer format", "misspelt", "cut off", "something else"],
)
def test_a_plan_file_that_cannot_be_trusted_is_refused(
    tmp_path: Path, broken: Callable[[str], str], says: str
) -> None:
    path = tmp_path / "plan.json"
    write_plan(Plan((CREATE,)), path)
    path.write_text(broken(path.read_text()))
    with pytest.raises(InvalidFile, match=says):
        read_plan(path)


def test_a_missing_plan_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"nowhere\.json cannot be read: No such file"):
        read_plan(tmp_path / "nowhere.json")


def test_a_plan_reads_like_a_diff() -> None:
    console = Console(width=100, no_color=True)
    with console.capture() as capture:
        console.print(plan_view(Plan((CREATE, UPDATE, DELETE))))
    lines = [" ".join(line.split()) for line in capture.get().splitlines()]
    assert "+ 1 Aurora v1 ecosystems/Aurora.toml" in lines
    assert "~ 1 v1 → v1.1 ecosystems/Aurora.toml" in lines
    assert "- Aurora no longer in ecosystems/Aurora.toml" in lines
    assert lines[-1] == "1 to create, 1 to update, 1 to delete"
