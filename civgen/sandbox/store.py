"""The sandbox's state: one SQLite file, which several processes may share.

A commit is in the write-ahead log before it is answered, so that killing the process loses nothing.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Container, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from civgen.errors import InvalidFile, NotFound, display_path
from civgen.files import usable
from civgen.sandbox import ledger, rows
from civgen.sandbox.commits import Commits
from civgen.sandbox.listing import page_query
from civgen.sandbox.questions import Filter, number_at
from civgen.sandbox.record import Record
from civgen.sandbox.users import User

#: In place of a file, for a sandbox that forgets.
IN_MEMORY = ":memory:"

_VERSION = 2
_TABLES = f"""
{rows.TABLES}
{ledger.TABLES}
CREATE TABLE callbacks (
    workflow TEXT PRIMARY KEY, due REAL NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX callbacks_due ON callbacks (due);
CREATE TABLE uploads (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, content_type TEXT NOT NULL, data BLOB NOT NULL
);
CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""

Balances = Mapping[str, int] | None
#: Makes another workflow of one, given what its user has.
Change = Callable[[Record, Balances], Record]


class Store:
    """Workflows, uploads, and what users have left.

    Args:
        path: of the file, made when it is first needed; or `IN_MEMORY`.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = path

    def add(self, record: Record, user: User, pay: Change) -> Record:
        """Keep a workflow, paid for; if its user has one with its `externalId`, that is the answer.

        It is safe once `commits.settled` has come back.
        """
        external_id = record.template.get("externalId")
        with self.commits.shared() as db:
            earlier = rows.by_external_id(db, record.user, external_id) if external_id else None
            if earlier is not None:
                return earlier
            number = rows.next_number(db, number_at(record.created))
            fresh = replace(record, number=number, created=number / 1e6)
            ours = pay(fresh, ledger.available(db, user, fresh.created))
            rows.insert(db, ours, external_id)
            if ours.kind != "whatif" and ours.template["callbacks"]:
                db.execute("INSERT INTO callbacks (workflow, due) VALUES (?, ?)", (ours.id, ours.created))
            if user.balances is not None and ours.kind != "whatif":
                ledger.book(db, [], ours, ours.created)
        return ours

    def get(self, workflow_id: str, user: str | None = None, kinds: Container[str] = ("stored",)) -> Record:
        """A workflow of one of these kinds, and of `user` unless that is None.

        Raises:
            NotFound: there is none.
        """
        found = rows.by_id(self.db, workflow_id)
        if found is None or found.kind not in kinds or user not in (None, found.user):
            raise NotFound(f"There is no workflow {workflow_id}")
        return found

    def find(self, user: str, asked: Filter, now: float) -> list[Record]:
        """Stored workflows in the order asked for; one more than `take` when there are more."""
        query, values = page_query(self.db, rows.COLUMNS, user, asked, now)
        return [rows.record(row) for row in self.db.execute(query, values)]

    def change(self, workflow_id: str, user: User, change: Change, now: float) -> None:
        """Replace a stored workflow by what `change` makes of it.

        Raises:
            NotFound: there is none.
        """
        with self.commits.alone() as db:
            before = self.get(workflow_id, user.user)
            after = change(before, ledger.available(db, user, now))
            rows.update(db, before, after)
            if user.balances is not None and before.charges != after.charges:
                ledger.book(db, before.charges, after, now)
            if before.canceled != after.canceled:
                db.execute("UPDATE callbacks SET due = min(due, ?) WHERE workflow = ?", (now, workflow_id))

    def delete(self, workflow_id: str, user: User, settle: Callable[[Record], Record], now: float) -> None:
        """Forget a stored workflow, after `settle` has made of it what is to be accounted for.

        Raises:
            NotFound: there is none.
        """
        with self.commits.alone() as db:
            before = self.get(workflow_id, user.user)
            after = settle(before)
            if user.balances is not None and before.charges != after.charges:
                ledger.book(db, before.charges, after, now)
            rows.delete(db, before)
            db.execute("DELETE FROM callbacks WHERE workflow = ?", (workflow_id,))

    def balances(self, user: User, now: float) -> Balances:
        """What a user has, by currency; None when they pay anything."""
        if user.balances is None:
            return None
        with self.commits.alone() as db:
            return ledger.available(db, user, now)

    def keep_upload(self, blob_id: str, user: str, content_type: str, data: bytes) -> None:
        """Keep an uploaded file."""
        with self.commits.alone() as db:
            db.execute("INSERT INTO uploads VALUES (?, ?, ?, ?)", (blob_id, user, content_type, data))

    def upload(self, blob_id: str) -> tuple[str, str, bytes] | None:
        """User, content type and content of an uploaded file, or None."""
        query = "SELECT user, content_type, data FROM uploads WHERE id = ?"
        found: tuple[str, str, bytes] | None = self.db.execute(query, (blob_id,)).fetchone()
        return found

    @cached_property
    def signing_key(self) -> bytes:
        """What the URLs of blobs are signed with; made once for a file."""
        with self.commits.alone() as db:
            db.execute("INSERT OR IGNORE INTO secrets VALUES ('signing', ?)", (secrets.token_bytes(32),))
            row = db.execute("SELECT value FROM secrets WHERE name = 'signing'").fetchone()
        return bytes(row[0])

    def open(self) -> None:
        """Open the file now, not when it is first needed.

        Raises:
            InvalidFile: it is no state of the sandbox, or another version's.
            InvalidInput: it may not be written to.
        """
        _ = self.db

    def close(self) -> None:
        """Close the file, if it was opened."""
        if "db" in self.__dict__:
            self.db.close()
            del self.db
            self.__dict__.pop("commits", None)

    @cached_property
    def db(self) -> sqlite3.Connection:
        """The open file, for reading."""
        with self.usable():
            return self._opened()

    def usable(self) -> AbstractContextManager[None]:
        """Work on the file; what stands in the way of that is a user's to mend."""
        return usable(self._path) if isinstance(self._path, Path) else nullcontext()

    def _opened(self) -> sqlite3.Connection:
        if isinstance(self._path, Path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        # The loop that serves may run in another thread than the one that made the app; only it comes here.
        db = sqlite3.connect(self._path, isolation_level=None, timeout=10, check_same_thread=False)
        try:
            _prepare(db)
        except sqlite3.DatabaseError as error:
            db.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise _unusable(self._path, str(error)) from None
        return db

    @cached_property
    def commits(self) -> Commits:
        """Its transactions."""
        return Commits(self.db)


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, _VERSION):
        raise sqlite3.DatabaseError(f"its format is {version}, and this civgen has {_VERSION}")
    for statement in (*_TABLES.split(";"), f"PRAGMA user_version = {_VERSION}") if version == 0 else ():
        db.execute(statement)
    db.execute("COMMIT")
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")


def _unusable(path: Path | str, why: str) -> InvalidFile:
    shown = display_path(path) if isinstance(path, Path) else path
    return InvalidFile(
        f"{shown} is no state of the sandbox: {why}.", hint="Delete it to begin with an empty sandbox."
    )
