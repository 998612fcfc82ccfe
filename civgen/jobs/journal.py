"""What was asked to be submitted, written down before it is sent.

A submission that is cut off, by a lost connection or a pulled plug, may have been accepted. Its
`externalId` stands here first, so that it can be sent again under it and is never run twice.

One SQLite file in WAL mode with synchronous = FULL: several processes may write, a commit is on disk when
it returns, and a batch of a million lines is looked up by number without being read. `Journal.grouped`
lets concurrent tasks share one commit, and so one wait for the disk. No token is ever in it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import uuid4

from civgen.errors import InvalidFile, NotFound, Refused, display_path
from civgen.files import usable

if TYPE_CHECKING:
    from civgen.jobs.grouped import Grouped

#: Version 0, of civgen 0.1.0, had the first table only; all of its rows are valid in version 1.
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS submissions (
    external_id TEXT PRIMARY KEY,
    environment TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    body TEXT NOT NULL,
    workflow_id TEXT
);
CREATE TABLE IF NOT EXISTS batches (
    id TEXT PRIMARY KEY,
    environment TEXT NOT NULL,
    created_at TEXT NOT NULL,
    source TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    total INTEGER NOT NULL,
    terms TEXT NOT NULL,
    canceled_at TEXT
);
CREATE TABLE IF NOT EXISTS lines (
    batch TEXT NOT NULL REFERENCES batches (id),
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    external_id TEXT,
    price REAL,
    lost REAL NOT NULL DEFAULT 0,
    workflow_id TEXT,
    status TEXT,
    answer TEXT,
    PRIMARY KEY (batch, number)
) WITHOUT ROWID
"""
_SUBMISSION = "SELECT external_id, environment, body, workflow_id, body_hash FROM submissions "

T = TypeVar("T")


class Db(Protocol):
    """What statements go to: an SQLite connection, or whatever else understands the same statements."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run a statement, with `?` for each parameter."""

    def executemany(self, sql: str, parameters: Sequence[Any], /) -> Any:
        """Run a statement once for each row of parameters."""


Write = Callable[[Db], T]


@dataclass(frozen=True, slots=True)
class Submission:
    """One journalled submission.

    Attributes:
        body: what is posted; empty once a line of a batch has been answered.
        workflow_id: None until the orchestrator has answered.
    """

    external_id: str
    environment: str
    body: dict[str, Any]
    workflow_id: str | None


class Journal:
    """The submissions and batches of a workspace, in one SQLite file; made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, body: Mapping[str, Any], environment: str) -> Submission:
        """Write a submission down, on disk when this returns.

        Args:
            body: with its own `externalId`, or without: then one is minted.

        Raises:
            Refused: the same `externalId` was used for something else.
        """
        return self.write(lambda db: begin(db, body, environment))

    def answered(self, submission: Submission, workflow_id: str | None) -> None:
        """Note which workflow a submission became."""
        self.write(lambda db: answered(db, submission.external_id, workflow_id))

    def find(self, external_id: str) -> Submission:
        """A submission that was written down.

        Raises:
            NotFound: there is none under that id.
        """
        known = self.read(lambda db: find(db, external_id)) if self.path.exists() else None
        if known is None:
            raise NotFound(f"No submission {external_id!r} was written down in {display_path(self.path)}.")
        return known

    def write(self, work: Write[T]) -> T:
        """Do `work` in one transaction, on disk when this returns."""
        with self.opened() as db, transaction(db):
            return work(db)

    def read(self, work: Write[T]) -> T:
        """Do `work`, which only reads."""
        with self.opened() as db:
            return work(db)

    def grouped(self) -> Grouped:
        """Writes of concurrent tasks, for use in `async with`."""
        from civgen.jobs.grouped import Grouped

        return Grouped(self)

    @contextmanager
    def opened(self) -> Iterator[Db]:
        """A connection, with the tables made.

        Raises:
            InvalidFile: the file is no journal, or a newer civgen's.
        InvalidInput: it may not be written to, or the disk is full.
        """
        with self.usable():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
                self._prepare(db)
                yield db

    def usable(self) -> AbstractContextManager[None]:
        """Work on the file; what stands in the way of that is a user's to mend."""
        return usable(self.path)

    def _prepare(self, db: sqlite3.Connection) -> None:
        try:
            _prepare(db)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise InvalidFile(f"{display_path(self.path)} is no journal: {error}.") from None


@contextmanager
def transaction(db: Db) -> Iterator[None]:
    """All of it, or nothing; other processes wait."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        _roll_back(db)
        raise
    try:
        db.execute("COMMIT")
    except sqlite3.Error:
        _roll_back(db)
        raise


def _roll_back(db: Db) -> None:
    """Undo a transaction, unless SQLite did so by itself, as it does when the disk is full."""
    with suppress(sqlite3.OperationalError):
        db.execute("ROLLBACK")


def begin(db: Db, body: Mapping[str, Any], environment: str) -> Submission:
    """As `Journal.begin`, within a transaction."""
    given = body.get("externalId")
    external_id = given or uuid4().hex
    body = {**body, "externalId": external_id}
    if given and (row := db.execute(_SUBMISSION + "WHERE external_id = ?", (given,)).fetchone()):
        return _same(row, body, environment)
    text = _text(body)
    fresh = (external_id, environment, now(), _hash(text), text)
    db.execute("INSERT INTO submissions VALUES (?, ?, ?, ?, ?, NULL)", fresh)
    return Submission(external_id, environment, body, None)


def answered(db: Db, external_id: str, workflow_id: str | None) -> None:
    """As `Journal.answered`, within a transaction."""
    update = "UPDATE submissions SET workflow_id = ? WHERE external_id = ?"
    db.execute(update, (workflow_id, external_id))


def find(db: Db, external_id: str) -> Submission | None:
    """A submission, if there is one under that id."""
    row = db.execute(_SUBMISSION + "WHERE external_id = ?", (external_id,)).fetchone()
    return _submission(row) if row else None


def now() -> str:
    """The time, as the journal notes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def compact(document: Any) -> str:
    """JSON without spaces."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)


def _prepare(db: sqlite3.Connection) -> None:
    # FULL makes a commit wait for the disk: what is sent next must be known after a crash.
    db.execute("PRAGMA synchronous = FULL")
    if (version := _version(db)) == _VERSION:
        return
    if version > _VERSION:
        raise sqlite3.DatabaseError(f"its format is {version}, and this civgen reads up to {_VERSION}")
    _use_wal(db)
    with transaction(db):
        for statement in (*_TABLES.split(";"), f"PRAGMA user_version = {_VERSION}"):
            db.execute(statement)


def _use_wal(db: sqlite3.Connection) -> None:
    """Switch to WAL, for which SQLite does not wait for other processes by itself."""
    for pause in (0.01, 0.05, 0.2, 0.5, 1.0, 2.0):
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(pause)
        else:
            return
    db.execute("PRAGMA journal_mode = WAL")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _submission(row: Any) -> Submission:
    return Submission(row[0], row[1], json.loads(row[2] or "{}"), row[3])


def _same(row: Any, body: Mapping[str, Any], environment: str) -> Submission:
    if row[1] == environment and row[4] == _hash(_text(body)):
        return Submission(row[0], row[1], dict(body), row[3])
    raise Refused(
        f"The externalId {row[0]} was used for another submission.",
        hint="Leave externalId out to submit something new; to send the old one again, ask for just that.",
    )


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
