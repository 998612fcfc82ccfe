"""Changes as JSON in little space: those of one shape in a row share the names of their columns.

The record of applied plans has them so, and the fingerprint of a plan is taken of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from civgen.db.changes import Change, Create, Delete, Update

#: Action, table, and the columns of the key, of what was there and of what is to be there.
Shape = tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def shape_of(change: Change) -> Shape:
    """What changes have in common that the same statement can write."""
    if isinstance(change, Create):
        return "create", change.table, (*change.key,), (), (*change.values,)
    after = (*change.after,) if isinstance(change, Update) else ()
    return change.action, change.table, (*change.key,), (*change.before,), after


def pack(changes: Iterable[Change]) -> list[Any]:
    """Changes in their order, without their reasons: `[[*shape, [values, ...]], ...]`."""
    return [[*shape, [_values(change) for change in run]] for shape, run in groupby(changes, key=shape_of)]


def unpack(packed: Sequence[Sequence[Any]], reasons: Iterable[str]) -> Iterator[Change]:
    """The changes of `pack`, with their reasons."""
    said = iter(reasons)
    for action, table, key, before, after, rows in packed:
        first, second = len(key), len(key) + len(before)
        for row in rows:
            which = dict(zip(key, row[:first], strict=True))
            was = dict(zip(before, row[first:second], strict=True))
            to = dict(zip(after, row[second:], strict=True))
            if action == "create":
                yield Create(table, which, to, next(said))
            elif action == "update":
                yield Update(table, which, was, to, next(said))
            else:
                yield Delete(table, which, was, next(said))


def _values(change: Change) -> list[Any]:
    if isinstance(change, Create):
        return [*change.key.values(), *change.values.values()]
    if isinstance(change, Update):
        return [*change.key.values(), *change.before.values(), *change.after.values()]
    return [*change.key.values(), *change.before.values()]
