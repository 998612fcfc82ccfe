"""Applying a plan: all of it in one transaction, if the database still is what the plan saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.db.connect import Database
from civgen.db.ledger import record, utc
from civgen.db.plan import Plan
from civgen.db.planning import MANY, MANY_SHARE, make_plan
from civgen.errors import Problem, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Applied:
    """Proof that a plan was written: its number in civgen's own record, and when (UTC)."""

    id: int
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """`{"id", "at"}`."""
        return {"id": self.id, "at": utc(self.at)}


def apply_plan(
    database: Database, catalog: Catalog, plan: Plan, *, allow_many: bool = False
) -> Applied | None:
    """Write a plan and note that it was written; None when there is nothing to write.

    Raises:
        Refused: planning again gives another plan; or many rows would go, and nobody allowed it.
        NotAuthorised: rights are missing; nothing is written.
        Unavailable: the database cannot be written; it is as it was.
    """
    return write_plan(database, plan, lambda now: make_plan(now, catalog, plan.scope), allow_many=allow_many)


def write_plan(
    database: Database,
    plan: Plan,
    again: Callable[[Connection], Plan],
    *,
    allow_many: bool = False,
    undoes: int | None = None,
) -> Applied | None:
    """Write a plan, once `again` has made the same one within the transaction.

    Args:
        undoes: id of the applied plan that this one takes back.

    Raises:
        Refused, NotAuthorised, Unavailable: as `apply_plan`.
    """
    with database.writing() as connection:
        refuse_if_moved(plan, again(connection))
        if not plan.changes:
            return None
        if not allow_many:
            refuse_many(plan)
        return _written(connection, plan, undoes)


def _written(connection: Connection, plan: Plan, undoes: int | None) -> Applied:
    from civgen.db import own, schema
    from civgen.db.adopt import need_to_write
    from civgen.db.outbox import notify
    from civgen.db.write import write

    if schema.is_adopted(connection):
        need_to_write(connection, plan.changes)
    own.upgrade(connection)
    at = timestamp()
    notify(connection, plan.changes, at)
    write(connection, plan.changes, at)
    return Applied(record(connection, plan, at, undoes), at)


def timestamp() -> datetime:
    """The time as rows have it: UTC without a zone, to the millisecond."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def refuse_if_moved(plan: Plan, now: Plan) -> None:
    """Compare a plan with the one that would be made now.

    Raises:
        Refused: they differ: the database or the catalogue has changed in between.
    """
    from civgen.db.write import moved

    if plan.changes != now.changes and plan.fingerprint != now.fingerprint:
        raise moved()


def refuse_many(plan: Plan) -> None:
    """Refuse a plan by which more rows of a table would go than anyone means by accident.

    Raises:
        Refused: with every such table.
    """
    going = Counter(change.table for change in plan.changes if change.action == "delete")
    problems = [Problem(name, f"would lose {going[name]} rows") for name in plan.many]
    if problems:
        said = ", ".join(f"{problem.field} {problem.message}" for problem in problems)
        raise Refused(
            f"{said}: more than {MANY}, or than {MANY_SHARE:.0%} of all.",
            hint="Pass --allow-many if that is meant.",
            details=problems,
        )
