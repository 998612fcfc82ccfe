"""The sandbox's state: one SQLite file, which several processes may share."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, NotFound, display_path
from civgen.sandbox.questions import Filter
from civgen.sandbox.record import Record
from civgen.sandbox.timeline import Slot, overall

#: In place of a file, for a sandbox that forgets.
IN_MEMORY = ":memory:"

_VERSION = 1
_TABLES = """
CREATE TABLE workflows (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, external_id TEXT UNIQUE,
    created REAL NOT NULL, canceled REAL, ends REAL NOT NULL, outcome TEXT NOT NULL,
    template TEXT NOT NULL, cost TEXT NOT NULL, slots TEXT NOT NULL
);
CREATE TABLE tags (workflow TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE, tag TEXT NOT NULL);
CREATE INDEX tags_of ON tags (workflow);
CREATE INDEX workflows_with ON tags (tag, workflow);
CREATE TABLE uploads (id TEXT PRIMARY KEY, content_type TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
_TAGS = "(SELECT json_group_array(tag) FROM (SELECT tag FROM tags WHERE workflow = id ORDER BY rowid))"
_SELECT = f"SELECT number, id, kind, created, canceled, template, cost, slots, {_TAGS} FROM workflows "


class Store:
    """Workflows and uploads.

    Args:
        path: of the file, made when it is first needed; or `IN_MEMORY`.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = path

    def add(self, record: Record) -> Record:
        """Keep a workflow, unless there is one with its `externalId`: then that one is the answer."""
        external_id = record.template.get("externalId")
        with self._writing() as db:
            earlier = self._one("WHERE external_id = ?", external_id) if external_id else None
            if earlier is None:
                self._insert(db, record, external_id)
        return earlier or record

    def get(self, workflow_id: str, kinds: Container[str] = ("stored",)) -> Record:
        """A workflow of one of these kinds.

        Raises:
            NotFound: there is none.
        """
        found = self._one("WHERE id = ?", workflow_id)
        if found is None or found.kind not in kinds:
            raise NotFound(f"There is no workflow {workflow_id}")
        return found

    def find(self, asked: Filter, now: float) -> list[Record]:
        """Stored workflows in the order asked for; one more than `take` when there are more."""
        where, values = asked.sql(now)
        order = "ASC" if asked.ascending else "DESC"
        clause = f"WHERE kind = 'stored' AND {where} ORDER BY number {order} LIMIT ?"
        return [_record(row) for row in self._db.execute(_SELECT + clause, (*values, asked.take + 1))]

    def change(self, workflow_id: str, change: Callable[[Record], Record]) -> None:
        """Replace a stored workflow by what `change` makes of it; of use for tags, template and `canceled`.

        Raises:
            NotFound: there is none.
        """
        with self._writing() as db:
            changed = change(self.get(workflow_id))
            db.execute(
                "UPDATE workflows SET template = ?, canceled = ? WHERE id = ?",
                (_text(changed.template), changed.canceled, workflow_id),
            )
            db.execute("DELETE FROM tags WHERE workflow = ?", (workflow_id,))
            _tag(db, changed)

    def delete(self, workflow_id: str) -> None:
        """Forget a stored workflow.

        Raises:
            NotFound: there is none.
        """
        with self._writing() as db:
            self.get(workflow_id)
            db.execute("DELETE FROM workflows WHERE id = ?", (workflow_id,))

    def keep_upload(self, blob_id: str, content_type: str, data: bytes) -> None:
        """Keep an uploaded file."""
        with self._writing() as db:
            db.execute("INSERT INTO uploads VALUES (?, ?, ?)", (blob_id, content_type, data))

    def upload(self, blob_id: str) -> tuple[str, bytes] | None:
        """Content type and content of an uploaded file, or None."""
        row = self._db.execute("SELECT content_type, data FROM uploads WHERE id = ?", (blob_id,)).fetchone()
        return (row[0], row[1]) if row else None

    @cached_property
    def signing_key(self) -> bytes:
        """What the URLs of blobs are signed with; made once for a file."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO secrets VALUES ('signing', ?)", (secrets.token_bytes(32),))
            row = db.execute("SELECT value FROM secrets WHERE name = 'signing'").fetchone()
        return bytes(row[0])

    def close(self) -> None:
        """Close the file, if it was opened."""
        if "_db" in self.__dict__:
            self._db.close()
            del self._db

    @cached_property
    def _db(self) -> sqlite3.Connection:
        if isinstance(self._path, Path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        # The loop that serves may run in another thread than the one that made the app; only it comes here.
        db = sqlite3.connect(self._path, isolation_level=None, timeout=10, check_same_thread=False)
        try:
            _prepare(db)
        except sqlite3.DatabaseError as error:
            db.close()
            raise _unusable(self._path, str(error)) from None
        return db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _one(self, where: str, value: str) -> Record | None:
        row = self._db.execute(_SELECT + where, (value,)).fetchone()
        return _record(row) if row else None

    def _insert(self, db: sqlite3.Connection, record: Record, external_id: str | None) -> None:
        outcome = overall(record.moments(record.ends)).status
        db.execute(
            "INSERT INTO workflows (id, kind, external_id, created, ends, outcome, template, cost, slots)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(record.id, record.kind, external_id, record.created, record.ends, outcome),
                *(_text(part) for part in (record.template, record.cost, record.slots)),
            ),
        )
        _tag(db, record)


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, _VERSION):
        raise sqlite3.DatabaseError(f"its format is {version}, and this civgen has {_VERSION}")
    for statement in (*_TABLES.split(";"), f"PRAGMA user_version = {_VERSION}") if version == 0 else ():
        db.execute(statement)
    db.execute("COMMIT")
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")


def _unusable(path: Path | str, why: str) -> InvalidFile:
    shown = display_path(path) if isinstance(path, Path) else path
    return InvalidFile(
        f"{shown} is no state of the sandbox: {why}.", hint="Delete it to begin with an empty sandbox."
    )


def _text(value: Any) -> str:
    """As JSON that SQLite can search."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tag(db: sqlite3.Connection, record: Record) -> None:
    db.executemany("INSERT INTO tags VALUES (?, ?)", [(record.id, tag) for tag in record.tags])


def _record(row: Any) -> Record:
    number, workflow_id, kind, created, canceled, template, cost, slots, tags = row
    return Record(
        workflow_id,
        kind,
        created,
        json.loads(template),
        json.loads(cost),
        [Slot(*slot) for slot in json.loads(slots)],
        json.loads(tags),
        canceled,
        number,
    )
