"""What the search index must look at again: models whose rows changed, in the transaction that changed them.

Writers have the lock, so the ids grow in the order in which changes became visible.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Insert, Select, func, literal, select

from civgen.db.changes import Change, Create, Delete, Row, Update
from civgen.db.dialects import among, numbers
from civgen.db.own import State, own_tables, state
from civgen.db.tables import table

#: Lists, by the column of ModelVersion that their only key names.
_LISTS = {"EcosystemCheckpoints": "id", "GenerationBaseModel": "baseModel"}
#: Columns that name a model, by table.
_NAMES = {"Model": "id", "ModelVersion": "modelId", "CoveredCheckpoint": "model_id"}


def notify(connection: Connection, changes: Sequence[Change], at: datetime) -> None:
    """Put every model that changes are about into the outbox, each once.

    To be called before the changes are written, while versions still are where they were.

    Args:
        at: when, in UTC without a zone.
    """
    connection.execute(notice(connection, changes, at))


def notice(connection: Connection, changes: Sequence[Change], at: datetime) -> Insert:
    """The statement of `notify`."""
    named = numbers(connection.dialect.name, sorted({*_named(changes)}))
    models = [select(named.c.value), *_listed(changes)]
    every = models[0].union(*models[1:]).subquery()
    outbox = own_tables(connection).outbox
    reason = ", ".join(dict.fromkeys(change.table for change in changes))
    rows = select(every.c.value, literal(reason), literal(at, outbox.c.at.type)).order_by(every.c.value)
    return outbox.insert().from_select(["model_id", "reason", "at"], rows)


def waiting(connection: Connection) -> int:
    """How many models the search index has still to look at."""
    if state(connection) is not State.CURRENT:
        return 0
    outbox = own_tables(connection).outbox
    return int(connection.execute(select(func.count(outbox.c.model_id.distinct()))).scalar_one())


def unsettled(connection: Connection) -> tuple[int, list[int]]:
    """What is in the outbox: the id of its last entry, and the models that it names, each once."""
    if state(connection) is not State.CURRENT:
        return 0, []
    outbox = own_tables(connection).outbox
    last = int(connection.execute(select(func.coalesce(func.max(outbox.c.id), 0))).scalar_one())
    models = select(outbox.c.model_id).distinct().where(outbox.c.id <= last).order_by(outbox.c.model_id)
    return last, list(connection.scalars(models))


def settle(connection: Connection, last: int) -> None:
    """Take the entries up to `last` out of the outbox: the index has what they are about."""
    outbox = own_tables(connection).outbox
    connection.execute(outbox.delete().where(outbox.c.id <= last))


def _named(changes: Sequence[Change]) -> Iterator[int]:
    """Models that changes name themselves."""
    for change in changes:
        column = _NAMES.get(change.table)
        if column is not None:
            yield from (row[column] for row in (change.key, *_values(change)) if column in row)


def _values(change: Change) -> tuple[Row, ...]:
    match change:
        case Create():
            return (change.values,)
        case Update():
            return change.before, change.after
        case Delete():
            return (change.before,)


def _listed(changes: Sequence[Change]) -> Iterator[Select[tuple[int]]]:
    """Models of the versions that changed entries of a list are about."""
    versions = table("ModelVersion").c
    for name, column in _LISTS.items():
        keys = [next(iter(change.key.values())) for change in changes if change.table == name]
        if keys:
            yield select(versions.modelId.label("value")).where(among(versions[column], keys))
