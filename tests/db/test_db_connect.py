"""Opening a database: made on first use, never somebody else's, and errors one can act on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from team import Team

from civgen.db.connect import existing_database, open_database
from civgen.db.plan import Plan
from civgen.errors import InvalidInput, Unavailable
from civgen.settings import Environment


def test_the_local_database_is_made_on_first_use(workspace: Path) -> None:
    assert existing_database(Environment(), workspace) is None
    assert not (workspace / ".civgen").exists()
    database = open_database(Environment(), workspace)
    assert (workspace / ".civgen" / "local.db").is_file()
    assert database.place == ".civgen/local.db"
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql('SELECT count(*) FROM "GenerationCoverage"').scalar_one() == 0


def test_a_relative_path_counts_from_the_workspace(
    workspace: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    open_database(Environment(database="sqlite:///data/rows.db"), workspace)
    assert (workspace / "data" / "rows.db").is_file()


@pytest.mark.parametrize(
    "url", ["mysql://example.org/civitai", "sqlite://", "sqlite:///:memory:", "sqlite:///x.db?mode=ro", "x"]
)
def test_what_cannot_be_used_is_said_without_naming_the_url(workspace: Path, url: str) -> None:
    with pytest.raises(InvalidInput, match="environment prod is n") as error:
        open_database(Environment(name="prod", database=url), workspace)
    assert "sqlite:///.civgen/local.db" in (error.value.hint or "")
    assert "example.org" not in str(error.value.as_json())
    assert list(workspace.glob("*.db*")) == []


def test_a_database_of_somebody_else_is_left_alone(workspace: Path) -> None:
    path = workspace / "theirs.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (text TEXT)")
    other.close()
    before = path.read_bytes()
    for opened in (open_database, existing_database):
        with pytest.raises(InvalidInput, match="civgen did not make"):
            opened(Environment(database="sqlite:///theirs.db"), workspace)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_said_to_be_none(workspace: Path) -> None:
    (workspace / "notes.db").write_text("dear diary, " * 100)
    with pytest.raises(InvalidInput, match=r"notes\.db is no SQLite database"):
        open_database(Environment(database="sqlite:///notes.db"), workspace)


def test_a_place_that_cannot_be_is_to_be_mended(workspace: Path) -> None:
    (workspace / "file").touch()
    with pytest.raises(InvalidInput, match="file cannot be used: File exists"):
        open_database(Environment(database="sqlite:///file/rows.db"), workspace)
    (workspace / "folder").mkdir()
    with pytest.raises(InvalidInput, match="folder cannot be used: it is a folder"):
        open_database(Environment(database="sqlite:///folder"), workspace)


def test_an_sqlite_file_that_another_process_holds_is_unavailable(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = Team(workspace)
    monkeypatch.setattr("civgen.db.connect.PATIENCE", 0.1)
    team.plan()
    other = sqlite3.connect(team.root / ".civgen" / "local.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked") as error, team.database.writing():
        pass
    assert "try again" in (error.value.hint or "")
    assert team.plan() != Plan(()), "a reader does not wait for a writer"
    other.close()


def test_an_sqlite_file_that_can_only_be_read_is_to_be_mended(workspace: Path) -> None:
    team = Team(workspace)
    team.plan()
    with sqlite3.connect(workspace / ".civgen" / "local.db") as other:
        other.execute("PRAGMA journal_mode = DELETE")
    other.close()
    with pytest.raises(InvalidInput, match="readonly"), team.database.writing() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("INSERT INTO \"EcosystemCheckpoints\" VALUES (1, 'x')")
    assert team.rows('SELECT * FROM "EcosystemCheckpoints"') == []


def test_a_database_with_older_definitions_gets_todays_and_keeps_its_rows(team: Team) -> None:
    team.apply()
    rows = team.rows('SELECT * FROM "EcosystemCheckpoints"')
    team.run('DROP VIEW "GenerationCoverage"')
    team.run('CREATE VIEW "GenerationCoverage" AS SELECT 1 AS covered')
    team.run('DROP TABLE "AuctionBase"')
    older = "PRAGMA user_version = 1"
    if not team.on_sqlite:
        older = "COMMENT ON TABLE \"User\" IS 'A stub that civgen made, definitions 1'"
    team.run(older)
    del team.database
    assert team.rows('SELECT count("modelVersionId") FROM "GenerationCoverage"') > [(0,)]
    assert team.rows('SELECT count(*) FROM "AuctionBase"') == [(0,)]
    assert team.rows('SELECT * FROM "EcosystemCheckpoints"') == rows
