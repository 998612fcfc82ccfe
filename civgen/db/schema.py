"""What a database is, and making one of civgen's own: the platform's tables, types and view.

What civgen made is stamped with the definitions it has: an SQLite file by `application_id` and
`user_version`, a PostgreSQL database by a comment on the stub "User". One with older definitions gets
what is new; tables that are there are left as they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any

from civgen.db.desired import OWNER

if TYPE_CHECKING:
    from sqlalchemy import Connection

VIEW = "GenerationCoverage"
APPLICATION_ID = int.from_bytes(b"civg")
_STAMP = "A stub that civgen made, definitions "
#: Tables by which the platform's own database is known.
_SIGNS = ("Model", "ModelVersion", "EcosystemCheckpoints", "GenerationBaseModel")


class Found(Enum):
    """What is in a database.

    CURRENT and OLDER: civgen made it, with today's or with older definitions. PLATFORM: the platform's
    own tables. EMPTY: nothing. OTHER: somebody else's tables.
    """

    CURRENT = auto()
    OLDER = auto()
    PLATFORM = auto()
    EMPTY = auto()
    OTHER = auto()


def found_in(connection: Connection) -> Found:
    """What a database is."""
    on_sqlite = connection.dialect.name == "sqlite"
    stamp = _stamp_of_file(connection) if on_sqlite else _stamp_of_database(connection)
    if stamp is not None:
        return Found.CURRENT if stamp == _version(connection.dialect.name) else Found.OLDER
    if on_sqlite:
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        return Found.OTHER if tables else Found.EMPTY
    return _found_on_server(connection)


def is_adopted(connection: Connection) -> bool:
    """Whether the tables are the platform's own, and not civgen's to make or alter."""
    return connection.dialect.name != "sqlite" and _stamp_of_database(connection) is None


def make(connection: Connection) -> None:
    """Make the types, tables, the view and the owner of models: those that are missing."""
    from sqlalchemy import select

    from civgen.db.tables import table

    for statement in [*_types_missing(connection), *statements(connection.dialect.name)]:
        connection.exec_driver_sql(statement)
    users = table("User")
    if connection.scalar(select(users.c.id).where(users.c.id == OWNER)) is None:
        connection.execute(users.insert(), {"id": OWNER, "username": "civgen"})
    for statement in _stamp(connection.dialect.name):
        connection.exec_driver_sql(statement)


@cache
def statements(kind: str) -> list[str]:
    """Every definition of a table, an index and the view, for `sqlite` or `postgresql`."""
    from sqlalchemy.dialects import registry
    from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

    from civgen.db.coverage_rule import covered_versions
    from civgen.db.tables import Platform

    dialect = registry.load(kind)()
    tables = Platform.metadata.sorted_tables
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


def _types_missing(connection: Connection) -> Iterator[str]:
    """Types that PostgreSQL must know before the tables."""
    from sqlalchemy import Enum as EnumType
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.dialects.postgresql import CreateEnumType

    from civgen.db import tables

    if connection.dialect.name == "sqlite":
        return
    known = set(connection.exec_driver_sql("SELECT typname FROM pg_type").scalars())
    if "citext" not in known:
        yield _citext(connection)
    for one in vars(tables).values():
        if isinstance(one, EnumType) and one.name not in known:
            enum = postgresql.ENUM(*one.enums, name=one.name)
            yield str(CreateEnumType(enum).compile(dialect=connection.dialect))


def _citext(connection: Connection) -> str:
    """Text without case; where the server has no such extension, text of that name that has one."""
    offered = "SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'"
    has_extension = connection.exec_driver_sql(offered).scalar_one()
    return "CREATE EXTENSION citext" if has_extension else "CREATE DOMAIN citext AS text"


def _stamp(kind: str) -> list[str]:
    version = _version(kind)
    if kind == "sqlite":
        return [f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {version}"]
    return [f"COMMENT ON TABLE \"User\" IS '{_STAMP}{version}'"]


def _stamp_of_file(connection: Connection) -> int | None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        return None
    return _pragma(connection, "user_version")


def _stamp_of_database(connection: Connection) -> int | None:
    query = "SELECT obj_description(to_regclass('\"User\"'), 'pg_class')"
    comment: Any = connection.exec_driver_sql(query).scalar_one() or ""
    return int(comment.removeprefix(_STAMP)) if comment.startswith(_STAMP) else None


def _found_on_server(connection: Connection) -> Found:
    signs = ", ".join(f"to_regclass('\"{name}\"') IS NOT NULL" for name in _SIGNS)
    if any(connection.exec_driver_sql(f"SELECT {signs}").one()):
        return Found.PLATFORM
    others = (
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND left(n.nspname, 3) <> 'pg_' "
        "AND n.nspname NOT IN ('information_schema', 'civgen', 'civgen_queue') "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    )
    return Found.OTHER if connection.exec_driver_sql(others).scalar_one() else Found.EMPTY


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())


def _version(kind: str) -> int:
    # user_version is a signed number of 32 bits.
    return zlib.crc32("\n".join(statements(kind)).encode()) & 0x7FFF_FFFF
