"""New rows in bulk: a stream on PostgreSQL, one prepared statement on SQLite.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write new rows; `rows` have a value for each of `columns`, None for null."""
    if connection.dialect.name == "sqlite":
        if named := [dict(zip(columns, row, strict=True)) for row in rows]:
            connection.execute(table.insert(), named)
    else:
        from civgen.db.postgresql import copy

        copy(connection, table, columns, rows)
