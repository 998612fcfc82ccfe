"""Records of model versions for a request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from team import Team

from civgen.db.resources import find_versions
from civgen.settings import Environment


def add_lora(team: Team, number: int) -> None:
    words = '["detailed", "sharp"]' if team.on_sqlite else ["detailed", "sharp"]
    team.run(
        'INSERT INTO "Model" (id, name, type, "userId", "updatedAt") VALUES (?, ?, ?, ?, ?)',
        *(number, "Detail", "LORA", -1, "2026-01-01 00:00:00"),
    )
    team.run(
        'INSERT INTO "ModelVersion" (id, "modelId", name, "baseModel", "trainedWords", "updatedAt") '
        "VALUES (?, ?, ?, ?, ?, ?)",
        *(number + 1, number, "v2", "SDXL 1.0", words, "2026-01-01 00:00:00"),
    )


def test_records_say_what_a_request_must_know(team: Team) -> None:
    add_lora(team, 10)
    assert find_versions(team.environment, team.root, [11, 11, 12]) == {
        11: {
            "id": 11,
            "type": "LORA",
            "modelId": 10,
            "modelName": "Detail",
            "name": "v2",
            "baseModel": "SDXL 1.0",
            "trainedWords": ["detailed", "sharp"],
        }
    }


def test_a_stand_in_is_not_given_out_as_a_model(team: Team) -> None:
    team.apply()
    record = find_versions(team.environment, team.root, [900001])[900001]
    assert (record["modelId"], record["trainedWords"]) == (None, [])


def test_a_question_makes_no_database(workspace: Path) -> None:
    assert find_versions(Environment(), workspace, [11]) == {}
    assert not (workspace / ".civgen").exists()


def test_any_number_of_versions_is_one_query(team: Team, listen: Callable[[Any], list[str]]) -> None:
    for number in (10, 20, 30):
        add_lora(team, number)
    heard = listen(team.database)
    assert sorted(find_versions(team.environment, team.root, range(100_000))) == [11, 21, 31]
    assert len([statement for statement in heard if "ModelVersion" in statement]) == 1


def test_no_numbers_ask_nothing(team: Team) -> None:
    assert find_versions(Environment(database="postgresql://example.org/x"), team.root, []) == {}
