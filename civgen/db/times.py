"""Times in changes: text in a plan, like every JSON value, and times in a database.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Table

from civgen.db.changes import Row


def time_columns(table: Table, names: Iterable[str]) -> list[str]:
    """Those of some columns that hold times."""
    return [name for name in names if isinstance(table.c[name].type, DateTime)]


def as_times(table: Table, row: Row) -> Row:
    """A row of a plan as the database has it."""
    times = time_columns(table, row)
    return {**row, **{name: _time(row[name]) for name in times}} if times else row


def as_text(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows of a database as a plan has them."""
    return [tuple(one.isoformat() if isinstance(one, datetime) else one for one in row) for row in rows]


def _time(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
