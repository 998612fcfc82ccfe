"""civgen's own tables: what it applied, which rows are its own, what the search index must look at.

They live in the schema `civgen` on PostgreSQL, and under names that begin with `civgen_` on SQLite.
Alembic makes them and brings older ones up to date; its revisions are the files of `migrations/versions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.errors import InvalidInput

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

SCHEMA = "civgen"
_MIGRATIONS = Path(__file__).with_name("migrations")


@dataclass(frozen=True, slots=True)
class Own:
    """The tables.

    Attributes:
        applied: a row a plan that was applied, with its changes as JSON; `undoes` is the plan it took back.
        ledger: the rows that civgen created and has not deleted since, by the plan that did and by table:
            `row_keys` is reason to list of keys, since to be read as a whole few large values are best.
        outbox: a row a model that the search index must look at again; its ids only ever grow.
    """

    applied: Table
    ledger: Table
    outbox: Table


class State(Enum):
    """How far civgen's own tables are."""

    NONE = auto()
    OLDER = auto()
    CURRENT = auto()


def own_name(dialect: str, name: str) -> tuple[str, str | None]:
    """What one of civgen's own tables is called in a database, and its schema."""
    return (f"civgen_{name}", None) if dialect == "sqlite" else (name, SCHEMA)


def own_tables(connection: Connection) -> Own:
    """The tables, as they are called in this database."""
    return _own(connection.dialect.name)


def head() -> str:
    """The newest revision: that of the last file."""
    return max(path.stem for path in (_MIGRATIONS / "versions").glob("v*.py"))[1:5]


def state(connection: Connection) -> State:
    """Whether the tables are there, and today's.

    Raises:
        InvalidInput: a newer civgen made them.
    """
    revision = _revision(connection)
    if revision is not None and revision > head():
        raise InvalidInput(
            "The tables that civgen keeps there were made by a newer civgen.",
            hint="Install that version, or a newer one.",
        )
    if revision == head():
        return State.CURRENT
    return State.OLDER if revision or _has(connection, "applied") else State.NONE


def upgrade(connection: Connection) -> None:
    """Make the tables, or bring them up to date, within the transaction that is open."""
    if state(connection) is State.CURRENT:
        return
    from alembic import command

    config = _config(connection)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def upgrade_sql(connection: Connection) -> str:
    """The statements that `upgrade` would run; nothing where the tables are today's."""
    if state(connection) is State.CURRENT:
        return ""
    import io

    from alembic import command

    config = _config(connection)
    config.output_buffer = io.StringIO()
    command.upgrade(config, f"{_revision(connection) or 'base'}:head", sql=True)
    return str(config.output_buffer.getvalue())


def has_schema(connection: Connection) -> bool:
    """Whether there is a place for the tables; on SQLite it is the file."""
    if connection.dialect.name == "sqlite":
        return True
    query = f"SELECT count(*) FROM pg_namespace WHERE nspname = '{SCHEMA}'"
    return bool(connection.exec_driver_sql(query).scalar_one())


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["dialect"] = connection.dialect.name
    config.attributes["needs_schema"] = not has_schema(connection)
    return config


def _revision(connection: Connection) -> str | None:
    from sqlalchemy import column, select, table

    if not _has(connection, "version"):
        return None
    name, schema = own_name(connection.dialect.name, "version")
    found = connection.scalar(select(column("version_num")).select_from(table(name, schema=schema)))
    return None if found is None else str(found)


def _has(connection: Connection, name: str) -> bool:
    called, schema = own_name(connection.dialect.name, name)
    if schema is None:
        query = f"SELECT count(*) FROM sqlite_master WHERE name = '{called}'"
    else:
        query = f"SELECT count(to_regclass('{schema}.{called}'))"
    return bool(connection.exec_driver_sql(query).scalar_one())


@cache
def _own(dialect: str) -> Own:
    from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text

    from civgen.db.dialects import Json

    metadata = MetaData()

    def table(name: str, *parts: Any, **options: Any) -> Table:
        called, schema = own_name(dialect, name)
        return Table(called, metadata, *parts, schema=schema, **options)

    def needed(name: str, type_: Any, **options: Any) -> Column[Any]:
        return Column(name, type_, nullable=False, **options)

    return Own(
        applied=table(
            "applied",
            Column("id", Integer, primary_key=True),
            needed("at", DateTime),
            needed("fingerprint", Text),
            needed("changes", Json()),
            Column("undoes", Integer),
        ),
        ledger=table(
            "ledger",
            Column("applied_id", Integer, primary_key=True, autoincrement=False),
            Column("table_name", Text, primary_key=True),
            needed("row_keys", Json()),
        ),
        outbox=table(
            "outbox",
            Column("id", Integer, primary_key=True),
            needed("model_id", Integer),
            needed("reason", Text),
            needed("at", DateTime),
            Index("civgen_outbox_model_id_idx", "model_id"),
            sqlite_autoincrement=True,
        ),
    )
