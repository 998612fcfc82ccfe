"""Changes as statements: those of one shape in one, and each sees to it that the row is as the plan saw it.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, bindparam, or_
from sqlalchemy import Update as TableUpdate

from civgen.db.bulk import insert_rows
from civgen.db.changes import Change, Create, Row, Update
from civgen.db.dialects import among, same
from civgen.db.failures import in_short, is_conflict
from civgen.db.packing import shape_of
from civgen.db.tables import table
from civgen.db.times import as_times, time_columns
from civgen.errors import Refused

#: Times that are set by action, where a table has them. What civgen creates is published at once,
#: and the platform's triggers would see to these only when a row is updated later.
_TIMES = {
    "create": ("updatedAt", "publishedAt", "initialPublishedAt", "lastVersionAt"),
    "update": ("updatedAt",),
    "delete": (),
}


def write(connection: Connection, changes: Sequence[Change], at: datetime) -> None:
    """Write changes in their order.

    Raises:
        Refused: rows are in the way, or are not as the plan saw them.
    """
    try:
        for _, group in groupby(changes, key=shape_of):
            _write_alike(connection, list(group), at)
    except Exception as error:
        if is_conflict(error):
            raise Refused(
                f"The database does not take the changes: {in_short(error)}.",
                hint="Rows that are there stand in the way. See what is pending now with `civgen db plan`.",
            ) from error
        raise
    for statement in follow_ups(changes, at):
        connection.execute(statement)


def moved() -> Refused:
    """What is said when rows are not as the plan saw them."""
    return Refused(
        "The plan is out of date: the database or the catalogue has changed since it was made.",
        hint="See what is pending now with `civgen db plan`.",
    )


def statement_of(change: Change, at: datetime) -> Any:
    """The statement that writes a change; other changes of its shape, too, with `parameters_of` them."""
    target, values = table(change.table), parameters_of(change, at)
    if isinstance(change, Create):
        return target.insert().values(values)

    def given(kind: str, name: str) -> Any:
        return bindparam(f"{kind}_{name}", values[f"{kind}_{name}"], target.c[name].type)

    this_row = [target.c[name] == given("key", name) for name in change.key]
    this_row += [same(target.c[name], given("was", name)) for name in change.before]
    if isinstance(change, Update):
        to = {name: given("to", name) for name in (*change.after, *_times(target, change))}
        return target.update().where(*this_row).values(to)
    return target.delete().where(*this_row)


def parameters_of(change: Change, at: datetime) -> dict[str, Any]:
    """The values of a change for its statement."""
    target = table(change.table)
    times = dict.fromkeys(_times(target, change), at)
    if isinstance(change, Create):
        return {**change.key, **as_times(target, change.values), **times}
    values = {f"key_{name}": value for name, value in change.key.items()}
    values |= {f"was_{name}": value for name, value in as_times(target, change.before).items()}
    after: Row = {**as_times(target, change.after), **times} if isinstance(change, Update) else {}
    return values | {f"to_{name}": value for name, value in after.items()}


def follow_ups(changes: Iterable[Change], at: datetime) -> Iterator[TableUpdate]:
    """What the platform's triggers would do: a model whose version is published anew says when."""
    models = {
        one.values["modelId"] for one in changes if isinstance(one, Create) and one.table == "ModelVersion"
    }
    if models:
        target = table("Model")
        last = target.c.lastVersionAt
        older = or_(last.is_(None), last < at)
        yield target.update().where(among(target.c.id, sorted(models)), older).values(lastVersionAt=at)


def _write_alike(connection: Connection, run: list[Change], at: datetime) -> None:
    first = run[0]
    if isinstance(first, Create):
        target = table(first.table)
        times = _times(target, first)
        columns = (*first.key, *first.values, *times)
        at_each = [at] * len(times)
        creates = ((one.key, one.values) for one in run if isinstance(one, Create))
        if time_columns(target, first.values):
            creates = ((key, as_times(target, values)) for key, values in creates)
        rows = ((*key.values(), *values.values(), *at_each) for key, values in creates)
        insert_rows(connection, target, columns, rows)
        return
    done = connection.execute(statement_of(first, at), [parameters_of(one, at) for one in run])
    if done.rowcount != len(run):
        raise moved()


def _times(target: Table, change: Change) -> list[str]:
    said = change.values if isinstance(change, Create) else ()
    return [name for name in _TIMES[change.action] if name in target.c and name not in said]
