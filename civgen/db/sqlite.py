"""SQLite: a file of civgen's own, one writer at a time.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from civgen.db.changes import to_json
from civgen.files import usable

_BEGIN = "civgen_begin"


def new_engine(path: Path, patience: float) -> Engine:
    """An engine for a file.

    Args:
        patience: seconds to wait for another process that is writing.
    """
    url = URL.create("sqlite", database=str(path))
    json: dict[str, Any] = {"json_serializer": to_json, "json_deserializer": from_json}
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": patience}, **json)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def prepare_reading(connection: Connection) -> None:
    """Let the next transaction be one that only reads."""
    connection.execution_options(**{_BEGIN: "DEFERRED"})


def prepare_writing(connection: Connection) -> None:
    """Let the next transaction take the file's only lock as it begins."""
    connection.execution_options(**{_BEGIN: "IMMEDIATE"})


def lock(connection: Connection, place: str, patience: float) -> None:
    """Nothing: beginning took the lock already."""


def may_make(_: Connection) -> bool:
    """Whether civgen may make its tables in an empty one: a file is always on this machine."""
    return True


def make_folder(folder: Path) -> None:
    """Make the folder of a file.

    Raises:
        InvalidInput: it cannot be made.
    """
    with usable(folder):
        folder.mkdir(parents=True, exist_ok=True)


def after_making(engine: Engine) -> None:
    """Let readers work beside a writer. It lasts, so once will do; others at work may prevent it."""
    with suppress(sqlite3.OperationalError), closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA journal_mode = WAL")


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # else the driver begins when it likes, and never for a read
    connection.execute("PRAGMA foreign_keys = ON")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options()[_BEGIN]}")
