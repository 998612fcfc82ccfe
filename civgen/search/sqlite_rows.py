"""What the embedded index keeps of a document: its words, and each value that is filtered or sorted by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from civgen.search.documents import HASH
from civgen.search.settings import values_at

Document = Mapping[str, Any]

TABLES = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE documents (id INTEGER PRIMARY KEY, hash TEXT, body TEXT NOT NULL)",
    "CREATE TABLE attributes (field TEXT NOT NULL, value, id INTEGER NOT NULL, shown TEXT, "
    "PRIMARY KEY (field, value, id)) WITHOUT ROWID",
    "CREATE INDEX attributes_of ON attributes (id)",
)
#: How nothing is compared: as text that no document holds.
_NOTHING = "\0"


def words_table(settings: Mapping[str, Any]) -> str:
    """The statement that makes the full-text table."""
    columns = ", ".join(f'"{name}"' for name in settings["searchableAttributes"])
    return f"CREATE VIRTUAL TABLE words USING fts5({columns}, prefix='2 3 4')"


def write(db: sqlite3.Connection, document: Document, settings: Mapping[str, Any]) -> None:
    """Put a document in the place of the one with its id."""
    remove(db, document["id"])
    row = (document["id"], document.get(HASH), json.dumps(document, ensure_ascii=False))
    db.execute("INSERT INTO documents VALUES (?, ?, ?)", row)
    describe(db, document["id"], document, settings)


def remove(db: sqlite3.Connection, number: int) -> None:
    """Remove a document, if it is there."""
    if db.execute("DELETE FROM documents WHERE id = ?", (number,)).rowcount:
        db.execute("DELETE FROM attributes WHERE id = ?", (number,))
        db.execute("DELETE FROM words WHERE rowid = ?", (number,))


def describe(db: sqlite3.Connection, number: int, document: Document, settings: Mapping[str, Any]) -> None:
    """Write the words and values of a document."""
    searchable = settings["searchableAttributes"]
    words = [
        " ".join(str(value) for value in values_at(document, name) if value is not None)
        for name in searchable
    ]
    marks = ", ".join("?" * (len(words) + 1))
    columns = ", ".join(f'"{name}"' for name in searchable)
    db.execute(f"INSERT INTO words (rowid, {columns}) VALUES ({marks})", [number, *words])
    names = dict.fromkeys([*settings["filterableAttributes"], *settings["sortableAttributes"]])
    rows = [
        (name, comparable(value), number, None if value is None else str(value))
        for name in names
        for value in values_at(document, name)
        if not isinstance(value, dict | list)
    ]
    db.executemany("INSERT OR IGNORE INTO attributes VALUES (?, ?, ?, ?)", rows)


def comparable(value: Any) -> Any:
    """A value as it is compared: text without case, truth values as the text that a filter gives."""
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    return value.lower() if isinstance(value, str) else value
