"""What civgen applied to a database, and the rows that are therefore its own.

A row is civgen's when it created it and has not deleted it since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from civgen.db.changes import Change, Create, Delete, Identity
from civgen.db.own import State, own_tables, state
from civgen.db.plan import Plan, changes_from, counted
from civgen.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection


#: Rows of one table, as the values of their keys, by the reason for which they were created.
Keys = dict[str, list[list[Any]]]


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
    owned: dict[Identity, str] = {}
    for name, keys in connection.execute(select(ledger.c.table_name, ledger.c.row_keys)):
        for reason, values in keys.items():
            owned.update(((name, tuple(key)), reason) for key in values)
    return owned


def record(connection: Connection, plan: Plan, at: datetime, undoes: int | None = None) -> int:
    """Note that a plan was applied, and whose its rows are now; the note's id.

    Args:
        at: when, in UTC without a zone.
        undoes: id of the plan that this one takes back.
    """
    applied = own_tables(connection).applied
    values = {"at": at, "fingerprint": plan.fingerprint, "changes": plan.stored, "undoes": undoes}
    number = int(connection.execute(applied.insert().returning(applied.c.id), values).scalar_one())
    for statement in disowned(connection, plan.changes):
        connection.execute(statement)
    ledger = own_tables(connection).ledger.insert()
    for name, keys in created(plan.changes).items():
        connection.execute(ledger, {"applied_id": number, "table_name": name, "row_keys": keys})
    return number


def created(changes: Iterable[Change]) -> dict[str, Keys]:
    """The rows that changes create, by table, as the ledger has them."""
    found: defaultdict[str, defaultdict[str, list[list[Any]]]] = defaultdict(lambda: defaultdict(list))
    for one in changes:
        if isinstance(one, Create):
            found[one.table][one.reason].append(list(one.key.values()))
    return {name: dict(keys) for name, keys in found.items()}


def disowned(connection: Connection, changes: Iterable[Change]) -> Iterator[Any]:
    """The statements that take the rows that changes delete out of the ledger."""
    from sqlalchemy import select

    gone: defaultdict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for one in changes:
        if isinstance(one, Delete):
            gone[one.table].add(one.identity[1])
    if not gone or state(connection) is State.NONE:
        return
    ledger = own_tables(connection).ledger
    for row in connection.execute(select(ledger).where(ledger.c.table_name.in_(gone))).all():
        left = _without(row.row_keys, gone[row.table_name])
        this = ledger.c.applied_id == row.applied_id, ledger.c.table_name == row.table_name
        if not left:
            yield ledger.delete().where(*this)
        elif left != row.row_keys:
            yield ledger.update().where(*this).values(row_keys=left)


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
        changes = changes_from(row.changes)
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


def _without(keys: Keys, gone: Collection[tuple[Any, ...]]) -> Keys:
    left = {reason: [key for key in values if tuple(key) not in gone] for reason, values in keys.items()}
    return {reason: values for reason, values in left.items() if values}
