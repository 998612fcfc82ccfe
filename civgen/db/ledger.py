"""What civgen applied to a database, and the rows that are therefore its own.

A row is civgen's when it created it and has not deleted it since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from civgen.db.changes import Change, Create, Delete, Identity, Row, change_of
from civgen.db.own import State, own_tables, state
from civgen.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Entry:
    """A plan that was applied.

    Attributes:
        at: when, in UTC without a zone.
        undoes: id of the plan that this one took back.
        undone_by: id of the plan that took this one back, if that still holds.
    """

    id: int
    at: datetime
    fingerprint: str
    changes: tuple[Change, ...]
    undoes: int | None = None
    undone_by: int | None = None

    def as_json(self) -> dict[str, Any]:
        """`{"id", "at", "fingerprint", "counts", "undoes", "undone_by"}`."""
        from civgen.db.plan import counted

        return {
            "id": self.id,
            "at": utc(self.at),
            "fingerprint": self.fingerprint,
            "counts": counted(self.changes),
            "undoes": self.undoes,
            "undone_by": self.undone_by,
        }


def utc(at: datetime) -> str:
    """A time as documents have it."""
    return f"{at.isoformat(timespec='milliseconds')}Z"


def owned_rows(connection: Connection) -> dict[Identity, str]:
    """The rows that are civgen's own, each with the reason for which it was created."""
    from sqlalchemy import select

    if state(connection) is State.NONE:
        return {}
    ledger = own_tables(connection).ledger
    rows = connection.execute(select(ledger.c.table_name, ledger.c.row_key, ledger.c.reason))
    loads = json.loads
    return {(name, tuple(loads(key).values())): reason for name, key, reason in rows}


def record(
    connection: Connection,
    fingerprint: str,
    changes: Sequence[Change],
    at: datetime,
    undoes: int | None = None,
) -> int:
    """Note that a plan was applied, and whose its rows are now; the note's id.

    Args:
        at: when, in UTC without a zone.
        undoes: id of the plan that this one takes back.
    """
    applied = own_tables(connection).applied
    values = {"at": at, "fingerprint": fingerprint, "changes": [one.as_json() for one in changes]}
    insert = applied.insert().values(**values, undoes=undoes).returning(applied.c.id)
    number = int(connection.execute(insert).scalar_one())
    _disown(connection, [change for change in changes if isinstance(change, Delete)])
    _own(connection, (change for change in changes if isinstance(change, Create)), number)
    return number


def history(connection: Connection) -> Iterator[Entry]:
    """The plans that were applied, the latest first."""
    from sqlalchemy import select

    if state(connection) is State.NONE:
        return
    applied = own_tables(connection).applied
    undone: dict[int, int] = {}
    for row in connection.execute(select(applied).order_by(applied.c.id.desc())):
        if row.undoes is not None and row.id not in undone:
            undone[row.undoes] = row.id
        changes = tuple(change_of(one) for one in row.changes)
        yield Entry(row.id, row.at, row.fingerprint, changes, row.undoes, undone.get(row.id))


def entry(connection: Connection, number: int | None = None) -> Entry:
    """A plan that was applied; without a number the latest that can be taken back.

    Raises:
        NotFound: there is none.
    """
    for one in history(connection):
        if one.id == number or (number is None and one.undoes is None and one.undone_by is None):
            return one
    raise NotFound(
        "No plan was applied that could be taken back."
        if number is None
        else f"No plan {number} was applied to this database.",
        hint="`civgen db history` lists those that were.",
    )


def row_key(key: Row) -> str:
    """A key as the ledger has it."""
    return json.dumps(dict(key))


def _own(connection: Connection, creates: Iterable[Create], number: int) -> None:
    from civgen.db.bulk import insert_rows

    rows = [(one.table, row_key(one.key), one.reason, number) for one in creates]
    columns = ("table_name", "row_key", "reason", "applied_id")
    insert_rows(connection, own_tables(connection).ledger, columns, rows)


def _disown(connection: Connection, deletes: Sequence[Delete]) -> None:
    from civgen.db.dialects import among

    ledger = own_tables(connection).ledger
    tables: dict[str, list[str]] = {}
    for one in deletes:
        tables.setdefault(one.table, []).append(row_key(one.key))
    for name, keys in tables.items():
        ours = ledger.c.table_name == name, among(ledger.c.row_key, keys)
        connection.execute(ledger.delete().where(*ours))
