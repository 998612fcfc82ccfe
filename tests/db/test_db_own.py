"""civgen's own tables: made by their revisions, and older ones brought up to date."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from team import Team

from civgen.db import own
from civgen.db.changes import Create
from civgen.db.plan import Plan
from civgen.errors import InvalidInput


def test_the_revisions_make_what_the_code_expects(team: Team) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with team.database.reading() as connection:
        metadata = own.own_tables(connection).applied.metadata
        name, schema = own.own_name(connection.dialect.name, "version")
        names = {table.name for table in metadata.tables.values()}
        options = {
            "version_table": name,
            "version_table_schema": schema,
            "include_schemas": True,
            "include_name": lambda name, kind, parents: (
                name in names if kind == "table" else kind != "schema" or name == schema
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_that_of_the_last_file() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(own.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_heads() == [own.head()]


def test_a_database_of_the_first_version_is_brought_up_to_date_and_keeps_what_it_knows(team: Team) -> None:
    """As the first version left it: a table of plans without revisions, and no ledger."""
    first = team.plan()
    team.apply()
    rows, plans = team.everything(), team.rows(f"SELECT id, fingerprint FROM {team.own('applied')}")
    for name in ("ledger", "outbox", "version"):
        team.run(f"DROP TABLE {team.own(name)}")
    team.run(f"ALTER TABLE {team.own('applied')} DROP COLUMN undoes")
    kept = json.dumps([change.as_json() for change in first.changes])
    team.run(f"UPDATE {team.own('applied')} SET changes = ?", kept)
    gone = Create("EcosystemCheckpoints", {"id": 5}, {"name": "long gone"}, "old.toml")
    changes = json.dumps([gone.as_json(), gone.inverse().as_json()])
    columns = f"INSERT INTO {team.own('applied')} (at, fingerprint, changes)"
    team.run(f"{columns} VALUES ('2026-01-01 00:00:00.000000', 'sha256:0', '{changes}')")
    del team.database
    assert team.plan() == Plan(())
    assert team.everything() == rows
    assert team.rows(f"SELECT id, fingerprint FROM {team.own('applied')} WHERE id = 1") == plans
    assert len(team.owned()) == sum(len(found) for name, found in rows.items() if name != "User")
    team.rollback(1)
    assert team.owned() == []
    team.rollback(3)
    team.forget()
    assert {change.action for change in team.plan(prune=True).changes} == {"delete"}


def test_the_very_file_of_the_first_version_is_brought_up_to_date(workspace: Path) -> None:
    path = workspace / ".civgen" / "local.db"
    path.parent.mkdir()
    with sqlite3.connect(path) as old:
        old.execute(
            "CREATE TABLE civgen_applied (id INTEGER NOT NULL, at DATETIME NOT NULL, "
            "fingerprint TEXT NOT NULL, changes JSON NOT NULL, PRIMARY KEY (id))"
        )
        old.execute(f"PRAGMA application_id = {int.from_bytes(b'civg')}")
    old.close()
    team = Team(workspace)
    assert team.apply()
    assert team.rollback()


def test_tables_of_a_newer_version_are_left_alone(team: Team) -> None:
    team.apply()
    team.run(f"UPDATE {team.own('version')} SET version_num = '9999'")
    del team.database
    with pytest.raises(InvalidInput, match="made by a newer civgen"):
        team.plan()


def test_the_outbox_only_ever_counts_up(team: Team) -> None:
    team.apply()
    last = team.rows(f"SELECT max(id) FROM {team.own('outbox')}")[0][0]
    team.run(f"DELETE FROM {team.own('outbox')}")
    team.rollback()
    assert team.rows(f"SELECT min(id) FROM {team.own('outbox')}")[0][0] > last
