"""Workflows as rows, and back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from civgen.sandbox.record import Charge, Record
from civgen.sandbox.timeline import Slot

TABLES = """
CREATE TABLE workflows (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL, kind TEXT NOT NULL,
    external_id TEXT, canceled REAL, upgraded REAL, ends REAL NOT NULL, outcome TEXT NOT NULL,
    template TEXT NOT NULL, cost TEXT NOT NULL, slots TEXT NOT NULL, charges TEXT NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (user, external_id)
);
CREATE INDEX workflows_of ON workflows (user, number) WHERE kind = 'stored';
CREATE TABLE tags (
    user TEXT NOT NULL, tag TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (user, tag, number)
) WITHOUT ROWID;
"""
_NAMES = "number id user kind canceled upgraded template cost slots charges tags"
COLUMNS = ", ".join(f"w.{name}" for name in _NAMES.split())
_SELECT = f"SELECT {COLUMNS} FROM workflows w "


def by_id(db: sqlite3.Connection, workflow_id: str) -> Record | None:
    """A workflow of any kind."""
    row = db.execute(_SELECT + "WHERE id = ?", (workflow_id,)).fetchone()
    return record(row) if row else None


def by_external_id(db: sqlite3.Connection, user: str, external_id: str) -> Record | None:
    """What a user has submitted, or priced, under an `externalId`."""
    row = db.execute(_SELECT + "WHERE user = ? AND external_id = ?", (user, external_id)).fetchone()
    return record(row) if row else None


def next_number(db: sqlite3.Connection, wanted: int) -> int:
    """`wanted`, or the first number after all there are."""
    last = db.execute("SELECT MAX(number) FROM workflows").fetchone()[0]
    return wanted if last is None else max(wanted, last + 1)


def insert(db: sqlite3.Connection, ours: Record, external_id: str | None) -> None:
    """Keep a workflow."""
    db.execute(
        "INSERT INTO workflows (number, id, user, kind, external_id, upgraded, ends, outcome,"
        " template, cost, slots, charges, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(ours.number, ours.id, ours.user, ours.kind, external_id),
            *(ours.upgraded, ours.ends, ours.status(ours.ends)),
            *(_text(part) for part in (ours.template, ours.cost, ours.slots, ours.charges, ours.tags)),
        ),
    )
    _tag(db, ours)


def update(db: sqlite3.Connection, before: Record, after: Record) -> None:
    """Keep what has become of a workflow; its number, id, user, cost and slots stay."""
    db.execute(
        "UPDATE workflows SET template = ?, charges = ?, tags = ?, canceled = ?, upgraded = ?"
        " WHERE number = ?",
        (
            *(_text(part) for part in (after.template, after.charges, after.tags)),
            *(after.canceled, after.upgraded, after.number),
        ),
    )
    if before.tags != after.tags:
        _untag(db, before)
        _tag(db, after)


def delete(db: sqlite3.Connection, ours: Record) -> None:
    """Forget a workflow."""
    db.execute("DELETE FROM workflows WHERE number = ?", (ours.number,))
    _untag(db, ours)


def record(row: Any) -> Record:
    """A workflow from its `COLUMNS`."""
    number, workflow_id, user, kind, canceled, upgraded, *parts = row
    template, cost, slots, charges, tags = map(json.loads, parts)
    return Record(
        workflow_id,
        user,
        kind,
        number / 1e6,
        template,
        cost,
        [Slot(*slot) for slot in slots],
        tags,
        [Charge(*charge) for charge in charges],
        canceled,
        upgraded,
        number,
    )


def _tag(db: sqlite3.Connection, ours: Record) -> None:
    if ours.kind == "stored":
        tags = [(ours.user, tag, ours.number) for tag in ours.tags]
        db.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?, ?)", tags)


def _untag(db: sqlite3.Connection, ours: Record) -> None:
    tags = [(ours.user, tag, ours.number) for tag in ours.tags]
    db.executemany("DELETE FROM tags WHERE user = ? AND tag = ? AND number = ?", tags)


def _text(value: Any) -> str:
    """As JSON that SQLite can search."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
