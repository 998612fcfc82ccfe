"""The way to a database: opening it, transactions, and errors in the user's terms.

This version speaks to SQLite files that civgen made itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.errors import InvalidInput, Unavailable, display_path
from civgen.settings import Environment, sqlite_path

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

#: Seconds to wait for another process that is writing.
PATIENCE = 30
_BEGIN = "civgen_begin"

_BROKEN = ("NOTADB", "CORRUPT")
_HINTS = {
    "BUSY": "Another process is writing to it; try again.",
    "CANTOPEN": "Is it a file, and may its folder be written to?",
    "READONLY": "May the file and its folder be written to?",
    "FULL": "Make room on the disk.",
    "IOERR": "Does the disk work?",
}


@dataclass(frozen=True)
class Database:
    """An open database.

    Attributes:
        place: where it is, for people; never with a password.
    """

    engine: Engine
    place: str

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction in which everything read is of one moment."""
        with self._transaction("DEFERRED") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that has the database to itself: all of it is written, or nothing."""
        with self._transaction("IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, how: str) -> Iterator[Connection]:
        with _in_plain_words(self.place), self.engine.connect() as connection:
            connection.execution_options(**{_BEGIN: how})
            with connection.begin():
                yield connection


def open_database(environment: Environment, root: Path) -> Database:
    """The database of an environment, made on first use.

    Args:
        root: the workspace, from which a relative path counts.

    Raises:
        InvalidInput: the URL is of a kind that is not supported, or the file is not civgen's.
        Unavailable: it cannot be opened, read or written.
    """
    from civgen.db import schema

    path = database_file(environment, root)
    _make_folder(path.parent)
    database = _database(path)
    with database.reading() as connection:
        ready = _is_made(connection, path) and schema.is_current(connection)
    if not ready:
        _make(database, path)
    return database


def existing_database(environment: Environment, root: Path) -> Database | None:
    """The database of an environment if there is one already; nothing is made.

    Raises:
        InvalidInput, Unavailable: as `open_database`.
    """
    path = database_file(environment, root)
    if not path.exists():
        return None
    database = _database(path)
    with database.reading() as connection:
        return database if _is_made(connection, path) else None


def database_file(environment: Environment, root: Path) -> Path:
    """The SQLite file of an environment.

    Raises:
        InvalidInput: its database is no SQLite file.
    """
    path = sqlite_path(environment.database, root)
    if path is None or path.name == ":memory:" or "?" in path.name:
        raise InvalidInput(
            f"The database of the environment {environment.name} is no SQLite file, "
            "and this version of civgen works with nothing else.",
            hint='In civgen.toml write, for instance: database = "sqlite:///.civgen/local.db"',
        )
    return path


@cache
def _database(path: Path) -> Database:
    from sqlalchemy import URL, NullPool, create_engine, event

    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return Database(engine, display_path(path))


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # else the driver begins when it likes, and never for a read
    connection.execute("PRAGMA foreign_keys = ON")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options()[_BEGIN]}")


def _is_made(connection: Connection, path: Path) -> bool:
    from civgen.db import schema

    if schema.is_foreign(connection):
        raise InvalidInput(
            f"{display_path(path)} is an SQLite database that civgen did not make.",
            hint="Name another file as the environment's database, and civgen makes it.",
        )
    return schema.is_made(connection)


def _make(database: Database, path: Path) -> None:
    from civgen.db import schema

    with database.writing() as connection:
        if not _is_made(connection, path) or not schema.is_current(connection):  # nobody was faster
            schema.make(connection)
    # Lets readers work beside a writer. It lasts, so once will do; others at work may prevent it.
    with suppress(sqlite3.OperationalError), closing(database.engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA journal_mode = WAL")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{display_path(folder)} cannot be made: {error.strerror}.") from None


@contextmanager
def _in_plain_words(place: str) -> Iterator[None]:
    """Turn what the user can do something about into civgen's errors; the rest is a bug of ours."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        kind = getattr(error.orig, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
        if kind in _BROKEN:
            raise InvalidInput(f"{place} is no SQLite database, or a damaged one: {error.orig}.") from error
        if kind in _HINTS:
            raise Unavailable(f"{place} cannot be used: {error.orig}.", hint=_HINTS[kind]) from error
        raise
