"""A plan as the statements that write it, for those who run them by hand.

They are the statements of `apply`, with their values in place: the rows, then civgen's own record of
them, in one transaction under the same lock.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Dialect, func, select
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from civgen.db import own
from civgen.db.ledger import created, disowned
from civgen.db.outbox import notice
from civgen.db.plan import Plan
from civgen.db.postgresql import LOCK
from civgen.db.write import follow_ups, statement_of


def statements_of(
    connection: Connection, plan: Plan, at: datetime, *, rows_only: bool = False
) -> Iterator[str]:
    """The statements, each with its semicolon; none when there is nothing to write.

    Args:
        at: what the rows say of when they were written, in UTC without a zone.
        rows_only: leave civgen's own record out; to civgen, the rows then are somebody else's.
    """
    if not plan.changes:
        return
    yield from _opening(connection)
    if not rows_only:
        yield from _made(connection)
        yield _literal(connection, notice(connection, plan.changes, at))
    for change in plan.changes:
        yield _literal(connection, statement_of(change, at))
    for statement in follow_ups(plan.changes, at):
        yield _literal(connection, statement)
    if not rows_only:
        yield from (_literal(connection, one) for one in _recorded(connection, plan, at))
    yield "COMMIT;"


def _opening(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        yield "-- Run with: sqlite3 -bail FILE"
        yield "PRAGMA foreign_keys = ON;"
        yield "BEGIN IMMEDIATE;"
        return
    yield "-- Run with: psql -v ON_ERROR_STOP=1"
    yield "BEGIN;"
    yield "SET LOCAL standard_conforming_strings = on;"
    yield f"SELECT pg_advisory_xact_lock({LOCK});"


def _made(connection: Connection) -> Iterator[str]:
    """Civgen's own tables, where they are missing."""
    for part in own.upgrade_sql(connection).split("\n\n"):
        if part.strip() and not part.strip().startswith("--"):
            yield part.strip()


def _recorded(connection: Connection, plan: Plan, at: datetime) -> Iterator[Any]:
    tables = own.own_tables(connection)
    applied = tables.applied
    yield applied.insert().values(at=at, fingerprint=plan.fingerprint, changes=plan.stored, undoes=None)
    yield from disowned(connection, plan.changes)
    number = select(func.max(applied.c.id)).scalar_subquery()
    for name, keys in created(plan.changes).items():
        row = {"applied_id": number, "table_name": name, "row_keys": keys}
        yield tables.ledger.insert().values(row)


def _literal(connection: Connection, statement: Any) -> str:
    dialect = _plain(connection.dialect.name)
    return f"{statement.compile(dialect=dialect, compile_kwargs={'literal_binds': True})};"


def _plain(name: str) -> Dialect:
    """A dialect that writes text as it is: for a person, not for a driver that has marks of its own."""
    if name == "sqlite":
        return SQLiteDialect(paramstyle="named")
    dialect: Dialect = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]
    dialect._backslash_escapes = False  # type: ignore[attr-defined]
    return dialect
