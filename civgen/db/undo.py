"""Taking an applied plan back: its inverses, if every row still is as the plan left it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from civgen.db.apply import Applied, write_plan
from civgen.db.changes import Change, Create, Delete, Identity, Row, Update
from civgen.db.connect import Database
from civgen.db.ledger import Entry, entry
from civgen.db.plan import Plan
from civgen.db.planning import ordered, rows_of
from civgen.errors import Problem, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection, ForeignKey


def undo_plan(connection: Connection, number: int | None = None) -> tuple[Entry, Plan]:
    """The plan that takes an applied one back, by default the latest, and that one.

    Raises:
        NotFound: there is no such plan.
        Refused: it was taken back already, or rows have changed since: with every one of them.
    """
    past = entry(connection, number)
    if past.undone_by is not None:
        raise Refused(
            f"Plan {past.id} was taken back by plan {past.undone_by}.",
            hint=f"To have it again, take that one back: `civgen db rollback {past.undone_by}`.",
        )
    changes = ordered(change.inverse() for change in past.changes)
    if problems := [*_changed(connection, changes), *_hanging_on(connection, changes)]:
        raise Refused(
            f"Plan {past.id} cannot be taken back: {problems[0].field} {problems[0].message}"
            f"{f', and {len(problems) - 1} more' if len(problems) > 1 else ''}.",
            hint="What others did since would be lost. Change those rows by hand, or leave the plan.",
            details=problems,
        )
    return past, Plan(changes)


def undo(database: Database, past: Entry, plan: Plan) -> Applied | None:
    """Write the plan that takes an applied one back.

    Raises:
        Refused: rows have changed since.
        NotAuthorised, Unavailable: as `apply_plan`.
    """
    return write_plan(database, plan, lambda now: undo_plan(now, past.id)[1], allow_many=True, undoes=past.id)


def _changed(connection: Connection, changes: Sequence[Change]) -> Iterator[Problem]:
    """Rows that are not as the plan left them."""
    tables: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        tables[change.table].append(change)
    for name, group in tables.items():
        columns = dict.fromkeys(column for change in group for column in _left(change) or ())
        found = rows_of(connection, name, [change.key for change in group], columns)
        for change in group:
            if said := _difference(_left(change), found.row(change.identity[1])):
                yield Problem(_label(change.identity), said)


def _left(change: Change) -> Row | None:
    """What the plan left of a row, by its inverse; None for a row that should not be there."""
    return None if isinstance(change, Create) else change.before


def _difference(left: Row | None, now: Mapping[str, Any] | None) -> str | None:
    if left is None:
        return None if now is None else "is there again"
    if now is None:
        return "is gone"
    differing = [name for name, value in left.items() if now[name] != value]
    return "; ".join(f"{name} is {now[name]!r} now, and was {left[name]!r}" for name in differing) or None


def _hanging_on(connection: Connection, changes: Sequence[Change]) -> Iterator[Problem]:
    """Rows of others that hang on those to be deleted, and would go or change with them."""
    from civgen.db.tables import Platform

    going: defaultdict[str, list[Any]] = defaultdict(list)
    for change in changes:
        if isinstance(change, Delete):
            going[change.table].append(next(iter(change.key.values())))
    leaving = {change.identity for change in changes if isinstance(change, Delete)}
    moving = {change.identity: change for change in changes if isinstance(change, Update)}
    for table in Platform.metadata.sorted_tables:
        for key in table.foreign_keys:
            if parents := going.get(key.column.table.name):
                for row in _children(connection, key, parents):
                    which = (table.name, row[:-1])
                    if which not in leaving and not _moves_away(moving.get(which), key):
                        parent = _label((key.column.table.name, (row[-1],)))
                        yield Problem(_label(which), f"hangs on {parent} since")


def _children(connection: Connection, key: ForeignKey, parents: list[Any]) -> list[tuple[Any, ...]]:
    """Keys of the rows that refer to one of some parents, each with the parent's."""
    from sqlalchemy import select

    from civgen.db.dialects import among

    column = key.parent
    query = select(*column.table.primary_key.columns, column.label("parent")).where(among(column, parents))
    return [tuple(row) for row in connection.execute(query)]


def _moves_away(change: Update | None, key: ForeignKey) -> bool:
    return change is not None and key.parent.name in change.after


def _label(which: Identity) -> str:
    return ":".join(map(str, (which[0], *which[1])))
