"""The coverage rule: every verified case, by the view and by the explanation."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, insert, select
from team import Team

from civgen.db.coverage import explain_coverage
from civgen.db.tables import table
from civgen.errors import NotFound

CASES = tomllib.loads(Path(__file__).with_name("coverage.toml").read_text())["cases"]
AT = datetime(2026, 1, 1)


def add_version(connection: Connection, case: dict[str, Any]) -> int:
    """The rows of a case; the number of its version."""
    model = {"id": 1, "name": "m", "userId": -1, "type": "LORA", "updatedAt": AT, "status": "Published"}
    version = {
        "id": 2,
        "modelId": 1,
        "name": "v",
        "baseModel": "SD 1.5",
        "updatedAt": AT,
        "status": "Published",
    }
    connection.execute(insert(table("Model")), model | case.get("model", {}))
    connection.execute(insert(table("ModelVersion")), version | case.get("version", {}))
    if case.get("file") is not False:
        add_file(connection, **case.get("file", {}))
    connection.execute(insert(table("GenerationBaseModel")), {"baseModel": "SD 1.5"})
    if case.get("curated"):
        connection.execute(insert(table("EcosystemCheckpoints")), {"id": 2, "name": "by hand"})
    if case.get("covered_checkpoint"):
        connection.execute(insert(table("CoveredCheckpoint")), {"model_id": 1, "version_id": 2})
    return 2


def add_file(
    connection: Connection, scanned: bool = True, metadata: str = '{"format": "SafeTensor"}', **columns: Any
) -> None:
    values = {"modelVersionId": 2, "name": "f.safetensors", "url": "https://example.org/f", "sizeKB": 1.0}
    values |= {"scannedAt": AT if scanned else None, "metadata": json.loads(metadata)}
    connection.execute(insert(table("ModelFile")), values | columns)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_version_is_covered_as_on_the_platform(team: Team, case: dict[str, Any]) -> None:
    with team.database.writing() as connection:
        version = add_version(connection, case)
        rows = connection.exec_driver_sql(
            'SELECT "modelId", "modelVersionId", covered FROM "GenerationCoverage"'
        )
        assert rows.all() == ([(1, version, True)] if case["covered"] else [])

        said = explain_coverage(connection, version)
        assert bool(said.through) is case["covered"]
        assert said.through == case.get("through", ["regular"] if case["covered"] else [])
        about = {name.partition(".")[0] for name in case.get("fails", [])}
        failing = [f"{b.name}.{c.name}" for b in said.branches if b.name in about for c in b.failing]
        assert failing == case.get("fails", [])


def test_a_list_entry_without_a_version_covers_nothing(team: Team) -> None:
    with team.database.writing() as connection:
        connection.execute(insert(table("EcosystemCheckpoints")), {"id": 77, "name": "nobody"})
        assert connection.exec_driver_sql('SELECT count(*) FROM "GenerationCoverage"').scalar_one() == 0
        with pytest.raises(NotFound, match="no model version 77"):
            explain_coverage(connection, 77)


def test_one_good_file_is_enough(team: Team) -> None:
    with team.database.writing() as connection:
        version = add_version(connection, {"file": {"type": "Archive"}})
        assert not explain_coverage(connection, version).through
        add_file(connection)
        assert explain_coverage(connection, version).through == ["regular"]
        assert connection.scalar(select(func.count()).select_from(table("ModelFile"))) == 2


def test_an_explanation_names_the_rows_that_are_missing(team: Team) -> None:
    with team.database.writing() as connection:
        add_version(connection, {"model": {"type": "Checkpoint"}, "version": {"baseModel": "Kolors"}})
        document = explain_coverage(connection, 2).as_json()
    assert document["covered"] is False
    regular = next(branch for branch in document["branches"] if branch["name"] == "regular")
    asks = {check["name"]: check["asks"] for check in regular["checks"] if not check["holds"]}
    assert set(asks) == {"base-model", "type"}
    assert "GenerationBaseModel" in asks["base-model"]
    assert "CoveredCheckpoint" in asks["type"]


def test_one_version_among_many_is_found_by_its_key(team: Team) -> None:
    heard: list[tuple[str, Any]] = []
    event.listen(
        team.database.engine, "before_cursor_execute", lambda *said: heard.append((said[2], said[3]))
    )
    with team.database.writing() as connection:
        explain_coverage(connection, add_version(connection, {}))
        query = heard[-1]
        if not team.on_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if team.on_sqlite else "EXPLAIN "
        steps = "\n".join(map(str, connection.exec_driver_sql(explain + query[0], query[1])))
    by_key = "SEARCH ModelVersion USING INTEGER PRIMARY KEY" if team.on_sqlite else '"ModelVersion_pkey"'
    assert by_key in steps
