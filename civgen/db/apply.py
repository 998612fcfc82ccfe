"""Writing a plan: all of it in one transaction, if the database still is what the plan saw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.db.changes import Change, Create, Delete, Row, Update
from civgen.db.connect import Database
from civgen.db.ledger import record
from civgen.db.plan import Plan, make_plan
from civgen.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert, Table
    from sqlalchemy import Delete as TableDelete
    from sqlalchemy import Update as TableUpdate

#: Times that are set by action, where a table has them. What civgen creates is published at once,
#: and the platform's triggers would see to these only when a row is updated later.
_TIMES = {
    "create": ("updatedAt", "publishedAt", "initialPublishedAt", "lastVersionAt"),
    "update": ("updatedAt",),
    "delete": (),
}


@dataclass(frozen=True, slots=True)
class Applied:
    """Proof that a plan was written: its number in civgen's own record, and when (UTC)."""

    id: int
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """`{"id", "at"}`."""
        return {"id": self.id, "at": f"{self.at.isoformat(timespec='milliseconds')}Z"}


def apply_plan(database: Database, catalog: Catalog, plan: Plan) -> Applied | None:
    """Write a plan and note that it was written; None when there is nothing to write.

    Raises:
        Refused: planning again gives another plan.
        Unavailable: the database cannot be written; it is as it was.
    """
    with database.writing() as connection:
        refuse_if_moved(plan, make_plan(connection, catalog))
        if not plan.changes:
            return None
        at = timestamp()
        write(connection, plan.changes, at)
        return Applied(record(connection, plan.fingerprint, plan.changes, at), at)


def timestamp() -> datetime:
    """The time as rows have it: UTC without a zone, to the millisecond."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def refuse_if_moved(plan: Plan, now: Plan) -> None:
    """Compare a plan with the one that would be made now.

    Raises:
        Refused: they differ: the database or the catalogue has changed in between.
    """
    if plan.fingerprint != now.fingerprint:
        raise Refused(
            "The plan is out of date: the database or the catalogue has changed since it was made.",
            hint="See what is pending now with `civgen db plan`.",
        )


def write(connection: Connection, changes: Iterable[Change], at: datetime) -> None:
    """Write changes in their order, those of one shape in one statement."""
    from civgen.db.tables import table

    for (name, *_), group in groupby(changes, key=_shape):
        target, run = table(name), list(group)
        times = {column: at for column in _TIMES[run[0].action] if column in target.c}
        connection.execute(_statement(target, run[0], times), [_parameters(one, times) for one in run])


def _shape(change: Change) -> tuple[str, ...]:
    """What changes have in common that the same statement can write."""
    return change.table, change.action, *change.key, "|", *_written(change)


def _written(change: Change) -> Row:
    match change:
        case Create():
            return change.values
        case Update():
            return change.after
        case Delete():
            return {}


def _statement(target: Table, change: Change, times: Row) -> Insert | TableUpdate | TableDelete:
    from sqlalchemy import bindparam

    if isinstance(change, Create):
        return target.insert()
    this_row = [target.c[name] == bindparam(f"key_{name}") for name in change.key]
    if isinstance(change, Delete):
        return target.delete().where(*this_row)
    return target.update().where(*this_row).values({n: bindparam(f"to_{n}") for n in [*change.after, *times]})


def _parameters(change: Change, times: Row) -> dict[str, Any]:
    if isinstance(change, Create):
        return {**change.key, **change.values, **times}
    this_row = {f"key_{name}": value for name, value in change.key.items()}
    return this_row | {f"to_{name}": value for name, value in {**_written(change), **times}.items()}
