"""The way to a database: opening it, transactions, and errors in the user's terms.

An SQLite file, or an empty PostgreSQL database on this machine, is made on first use. A database that
has the platform's tables already is adopted: nothing of them is ever made or altered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from civgen.db.access import Access, access_to
from civgen.db.failures import in_plain_words
from civgen.errors import InvalidInput, display_path
from civgen.settings import Environment, sqlite_path

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from civgen.db.schema import Found

#: Seconds to wait for another process that is writing.
PATIENCE = 30


@dataclass(frozen=True)
class Database:
    """An open database.

    Attributes:
        place: where it is, for people; never with a password.
        file: the SQLite file, if it is one.
    """

    engine: Engine
    place: str
    file: Path | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction in which everything read is of one moment."""
        with in_plain_words(self.place, self.file), self.engine.connect() as connection:
            self._kind.prepare_reading(connection)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that civgen has to itself: all of it is written, or nothing.

        One lock for all that civgen writes; it goes with the connection, however that ends.
        """
        with in_plain_words(self.place, self.file), self.engine.connect() as connection:
            self._kind.prepare_writing(connection)
            with connection.begin():
                self._kind.lock(connection, self.place, PATIENCE)
                yield connection

    @property
    def _kind(self) -> ModuleType:
        return _kind(self.file is None)


def open_database(environment: Environment, root: Path) -> Database:
    """The database of an environment, made on first use where civgen may make one.

    Args:
        root: the workspace, from which a relative path counts.

    Raises:
        InvalidInput: the URL is of a kind that is not supported, the database is somebody else's, or its file
            may not be written to.
        NotAuthorised: the server does not let this user in.
        Unavailable: it cannot be reached, or others have it.
    """
    from civgen.db import own, schema

    database = database_of(environment, root)
    if database.file is not None:
        database._kind.make_folder(database.file.parent)
    with database.reading() as connection:
        found = schema.found_in(connection)
        _refuse_others(found, database, connection)
        state = own.state(connection)
    if found is not schema.Found.PLATFORM and not (
        found is schema.Found.CURRENT and state is own.State.CURRENT
    ):
        _make(database)
    elif state is own.State.OLDER:
        with database.writing() as connection:
            own.upgrade(connection)
    return database


def existing_database(environment: Environment, root: Path) -> Database | None:
    """The database of an environment if there is one already; nothing is made.

    Raises:
        InvalidInput, NotAuthorised, Unavailable: as `open_database`.
    """
    from civgen.db import schema

    database = database_of(environment, root)
    if database.file is not None and not database.file.exists():
        return None
    with database.reading() as connection:
        found = schema.found_in(connection)
        if found is schema.Found.EMPTY:
            return None
        _refuse_others(found, database, connection)
    return database


def database_of(environment: Environment, root: Path) -> Database:
    """The way to an environment's database; nothing is opened yet.

    Raises:
        InvalidInput: its URL cannot be used.
    """
    access = access_to(environment)
    if access.is_postgresql:
        return _on_server(access)
    path = sqlite_path(access.url, root)
    if path is None or path.name == ":memory:" or "?" in path.name:
        raise InvalidInput(
            f"The database of the environment {environment.name} is no SQLite file.",
            hint='In civgen.toml write, for instance: database = "sqlite:///.civgen/local.db"',
        )
    return _in_file(path)


@cache
def _in_file(path: Path) -> Database:
    from civgen.db.sqlite import new_engine

    return Database(new_engine(path, PATIENCE), display_path(path), path)


@cache
def _on_server(access: Access) -> Database:
    from civgen.db.postgresql import new_engine, place_of

    return Database(new_engine(access), place_of(access))


def _kind(is_server: bool) -> ModuleType:
    from civgen.db import postgresql, sqlite

    return postgresql if is_server else sqlite


def _refuse_others(found: Found, database: Database, connection: Connection) -> None:
    """Refuse a database that is neither civgen's nor the platform's, and one that must not become it."""
    from civgen.db.schema import Found

    place = database.place
    if found is Found.OTHER:
        raise InvalidInput(
            f"{place} is a database that civgen did not make, and it has none of the platform's tables.",
            hint="Name another one as the environment's database.",
        )
    if found is Found.EMPTY and not database._kind.may_make(connection):
        raise InvalidInput(
            f"{place} is empty, and is not on this machine: civgen makes the platform's tables only in an "
            "empty local database.",
            hint="Name the platform's own database, or one on localhost.",
        )


def _make(database: Database) -> None:
    from civgen.db import own, schema

    with database.writing() as connection:
        if schema.found_in(connection) is not schema.Found.CURRENT:  # nobody was faster
            schema.make(connection)
        own.upgrade(connection)
    database._kind.after_making(database.engine)
