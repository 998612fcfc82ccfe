"""Making a database of civgen's own, on SQLite.

The file is stamped: `application_id` says that civgen made it, `user_version` which definitions it
has. One with older definitions gets what is new; tables that are there are left as they are.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from civgen.db.desired import OWNER

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

VIEW = "GenerationCoverage"
APPLICATION_ID = int.from_bytes(b"civg")


def is_made(connection: Connection) -> bool:
    """Whether civgen made the database."""
    return _pragma(connection, "application_id") == APPLICATION_ID


def is_foreign(connection: Connection) -> bool:
    """Whether somebody else's tables are in the database."""
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    return bool(tables) and not is_made(connection)


def is_current(connection: Connection) -> bool:
    """Whether the database has today's definitions."""
    return _pragma(connection, "user_version") == _version(statements(connection.dialect))


def make(connection: Connection) -> None:
    """Make the tables, the view and the owner of models: those that are missing."""
    from sqlalchemy.dialects.sqlite import insert

    from civgen.db.tables import table

    made = statements(connection.dialect)
    for statement in made:
        connection.exec_driver_sql(statement)
    connection.execute(insert(table("User")).on_conflict_do_nothing(), {"id": OWNER, "username": "civgen"})
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {_version(made)}")


def statements(dialect: Dialect) -> list[str]:
    """Every definition: the platform's tables and view, then civgen's own table."""
    from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

    from civgen.db.coverage_rule import covered_versions
    from civgen.db.ledger import applied_table
    from civgen.db.tables import Platform

    tables = [*Platform.metadata.sorted_tables, applied_table()]
    made: list[DDLElement] = [CreateTable(table, if_not_exists=True) for table in tables]
    indexes = sorted(
        (index for table in tables for index in table.indexes), key=lambda index: str(index.name)
    )
    made += [CreateIndex(index, if_not_exists=True) for index in indexes]
    view = covered_versions().compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return [
        *(str(one.compile(dialect=dialect)).strip() for one in made),
        f'DROP VIEW IF EXISTS "{VIEW}"',
        f'CREATE VIEW "{VIEW}" AS\n{view}',
    ]


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())


def _version(made: list[str]) -> int:
    # user_version is a signed number of 32 bits.
    return zlib.crc32("\n".join(made).encode()) & 0x7FFF_FFFF
