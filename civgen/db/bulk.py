"""New rows in bulk: a stream on PostgreSQL, one prepared statement on SQLite.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write new rows; `rows` have a value for each of `columns`, None for null."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in rows])
    else:
        from civgen.db.postgresql import copy

        copy(connection, table, columns, rows)
