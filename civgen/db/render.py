"""A plan as a person reads it: what changes, table by table, like a diff."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from civgen.db.changes import Change, Create, Delete, Update
from civgen.db.plan import Plan

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "delete": ("-", "red")}


def plan_view(plan: Plan) -> RenderableType:
    """A Rich renderable: a table of changes for each table, and the counts."""
    from rich.console import Group
    from rich.text import Text

    if not plan.changes:
        return Text("The database says what the catalogue says; nothing to change.")
    groups = groupby(sorted(plan.changes, key=_table), key=_table)
    return Group(*(_grid(name, list(changes)) for name, changes in groups), summary(plan))


def summary(plan: Plan) -> Text:
    """The counts in one line, for instance `12 to create, 1 to delete`."""
    from rich.text import Text

    counts = plan.counts
    parts = [
        Text(f"{counts[action]} to {action}", style)
        for action, (_, style) in _SIGNS.items()
        if action in counts
    ]
    return Text(", ").join(parts)


def _table(change: Change) -> str:
    return change.table


def _grid(name: str, changes: Sequence[Change]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    columns = list(dict.fromkeys(column for change in changes for column in _cells(change)))
    grid = Table(title=name, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for column in ("", *columns, "because of"):
        grid.add_column(column, header_style="dim", overflow="fold")
    for change in changes:
        sign, style = _SIGNS[change.action]
        cells = _cells(change)
        shown = (Text(cells.get(column, "")) for column in columns)
        grid.add_row(sign, *shown, Text(change.reason, "dim"), style=style)
    return grid


def _cells(change: Change) -> dict[str, str]:
    """What a change says of each column."""
    match change:
        case Create():
            row = {**change.key, **change.values}
        case Delete():
            row = {**change.key, **change.before}
        case Update():
            row = {
                **change.key,
                **{name: f"{change.before[name]} → {to}" for name, to in change.after.items()},
            }
    return {name: str(value) for name, value in row.items()}
