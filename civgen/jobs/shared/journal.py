"""The journal of batches that several machines work on, in PostgreSQL.

It takes the statements of a workspace's journal, and like there one process writes at a time: a transaction
begins by waiting for a lock, which goes with its connection, however that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from civgen.db.failures import in_plain_words
from civgen.errors import NotFound
from civgen.jobs import journal
from civgen.jobs.journal import Db, Submission
from civgen.jobs.shared import tables
from civgen.jobs.shared.server import SESSION, Server

if TYPE_CHECKING:
    import psycopg


class SharedJournal(journal.Journal):
    """The submissions and batches of a queue; made when it is first opened."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def is_made(self) -> bool:
        """Whether there is one; nothing is made."""
        with in_plain_words(self.server.place), closing(self.connected()) as connection:
            return tables.are_made(connection)

    def find(self, external_id: str) -> Submission:
        """A submission that was written down.

        Raises:
            NotFound: there is none under that id.
        """
        known = self.read(lambda db: journal.find(db, external_id))
        if known is None:
            raise NotFound(f"No submission {external_id!r} was written down in {self.server.place}.")
        return known

    @contextmanager
    def opened(self) -> Iterator[Db]:
        """A connection, with the tables made.

        Raises:
            NotAuthorised: the server does not let this user in, or make tables.
            Unavailable: it cannot be reached, or was lost.
        """
        with in_plain_words(self.server.place), closing(Statements(self.connected)) as db:
            if not tables.are_made(db.connection):
                tables.make(db.connection)
            yield db

    def usable(self) -> AbstractContextManager[None]:
        """Nothing: whoever writes knows what a server reports."""
        return nullcontext()

    def connected(self) -> psycopg.Connection:
        """A connection, in which each statement is a transaction of its own."""
        import psycopg

        connection = psycopg.connect(self.server.url, autocommit=True, **self.server.arguments())
        connection.execute(SESSION)
        return connection


class Statements:
    """Takes the journal's statements to PostgreSQL; a lost connection is made anew for a transaction.

    Args:
        connect: makes a connection.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection]) -> None:
        self.connection = connect()
        self._connect = connect

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any:
        """Run a statement, with `?` for each parameter."""
        if sql == "BEGIN IMMEDIATE":
            return self._begin()
        return self.connection.execute(_in_their_words(sql).encode(), parameters or None)

    def executemany(self, sql: str, parameters: Sequence[Any], /) -> Any:
        """Run a statement once for each row of parameters."""
        return self.connection.cursor().executemany(_in_their_words(sql).encode(), parameters)

    def _begin(self) -> Any:
        if self.connection.closed:
            self.connection = self._connect()
        self.connection.execute("BEGIN")
        return self.connection.execute("SELECT pg_advisory_xact_lock(%s)", (tables.LOCK,))


@lru_cache(maxsize=256)
def _in_their_words(sql: str) -> str:
    return sql.replace("?", "%s")
