"""The query of a page of workflows, read off indexes: it costs what the page costs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from civgen.sandbox.questions import Filter

#: How many rows of a tag are counted to find the rarest.
_COUNTED = 1000
_TAGGED = "EXISTS (SELECT 1 FROM tags o WHERE o.user = w.user AND o.tag = ? AND o.number = w.number)"


def page_query(
    db: sqlite3.Connection, columns: str, user: str, asked: Filter, now: float
) -> tuple[str, list[Any]]:
    """An SQL query, and its values, of one more workflow than the page has room for.

    Args:
        columns: to select, of `workflows w`.
    """
    tags = sorted(asked.tags, key=lambda tag: _rarity(db, user, tag))
    if tags:
        source, number = "tags t CROSS JOIN workflows w ON w.number = t.number", "t.number"
        conditions = [("t.user = ?", user), ("t.tag = ?", tags[0]), *((_TAGGED, tag) for tag in tags[1:])]
    else:
        source, number = "workflows w", "w.number"
        conditions = [("w.user = ?", user)]
    conditions += _conditions(asked, number, now)
    where = " AND ".join(["w.kind = 'stored'", *(condition for condition, _ in conditions)])
    order = "ASC" if asked.ascending else "DESC"
    query = f"SELECT {columns} FROM {source} WHERE {where} ORDER BY {number} {order} LIMIT {asked.take + 1}"
    return query, [value for _, value in conditions]


def _conditions(asked: Filter, number: str, now: float) -> Iterator[tuple[str, Any]]:
    possible = [
        (f"{number} {'>' if asked.ascending else '<'} ?", asked.cursor),
        (f"{number} >= ?", asked.first_number),
        (f"{number} <= ?", asked.last_number),
        ("instr(json_extract(w.template, '$.metadata'), ?)", asked.query or None),
        (
            "w.canceled IS NULL AND (w.outcome = 'succeeded' OR w.ends > ?)",
            now if asked.exclude_failed else None,
        ),
    ]
    return ((condition, value) for condition, value in possible if value is not None)


def _rarity(db: sqlite3.Connection, user: str, tag: str) -> int:
    counted = f"SELECT COUNT(*) FROM (SELECT 1 FROM tags WHERE user = ? AND tag = ? LIMIT {_COUNTED})"
    found: int = db.execute(counted, (user, tag)).fetchone()[0]
    return found
