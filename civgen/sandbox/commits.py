"""Transactions, and commits that several submissions share."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


class Commits:
    """The transactions of a connection.

    What is written with `shared` is committed together with all that comes in the same turn of the loop:
    under load a commit costs more than what is in it. It is safe once `settled` has come back.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._open: asyncio.Future[None] | None = None

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is done with it, committed at its end."""
        self._commit()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    @contextmanager
    def shared(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is done with it, to be committed soon."""
        if self._open is None:
            self._db.execute("BEGIN IMMEDIATE")
            loop = asyncio.get_running_loop()
            self._open = loop.create_future()
            loop.call_soon(self._commit)
        self._db.execute("SAVEPOINT one")
        try:
            yield self._db
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK TO one")
                self._db.execute("RELEASE one")
            raise
        self._db.execute("RELEASE one")

    async def settled(self) -> None:
        """Wait until what was written with `shared` is safe.

        Raises:
            sqlite3.Error: it could not be written.
        """
        if self._open is not None:
            await asyncio.shield(self._open)

    def _commit(self) -> None:
        if self._open is None:
            return
        settled, self._open = self._open, None
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            settled.set_exception(error)
        else:
            settled.set_result(None)

    def _roll_back(self) -> None:
        """Undo what was not committed, unless SQLite did so by itself, as it does when the disk is full."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
