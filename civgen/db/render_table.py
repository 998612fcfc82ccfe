"""A plan on a terminal: what changes, table by table, like a diff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from civgen.db.changes import Change, Create, Delete, Update
from civgen.db.desired import OF_THE_CATALOGUE
from civgen.db.plan import Plan

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.text import Text

_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "delete": ("-", "red")}
#: Changes of one table that are shown one by one without being asked for; and reasons, beyond that.
SHORT = 20
#: Columns beyond which a row is told in one cell.
WIDE = 8
#: Characters that a reason has at least.
_REASON = 24
_CATALOGUE = "the built-in catalogue"


def plan_view(plan: Plan, *, everything: bool = False) -> RenderableType:
    """A Rich renderable: a table of changes for each table, and the counts.

    Args:
        everything: show every change; else those of the built-in catalogue, and what is many, are counted.
    """
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = []
    for name, group in groupby(sorted(plan.changes, key=_table), key=_table):
        changes = list(group)
        few = changes if everything or len(changes) <= SHORT else _of_the_workspace(changes)
        parts += [_Rows(name, few)] if few else [Text(name, "bold")]
        if left := _others(changes, few):
            parts.append(_counted(left))
    parts += [_blocked(plan)] if plan.blocked else []
    if not plan.changes:
        parts.append(Text("The database says what the catalogue says; nothing to change."))
    return Group(*parts, *_remarks(plan, everything=everything))


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


def cells(change: Change) -> dict[str, str]:
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


def sign(change: Change) -> str:
    """`+`, `~` or `-`."""
    return _SIGNS[change.action][0]


def _table(change: Change) -> str:
    return change.table


def _of_the_workspace(changes: Sequence[Change]) -> list[Change]:
    few = [change for change in changes if OF_THE_CATALOGUE not in change.reason]
    return few if len(few) <= SHORT else []


def _others(changes: Sequence[Change], shown: Sequence[Change]) -> list[Change]:
    seen = {change.identity for change in shown}
    return [change for change in changes if change.identity not in seen]


def _counted(changes: Sequence[Change]) -> RenderableType:
    """How many changes there are for each reason."""
    from rich.table import Table
    from rich.text import Text

    found = Counter((change.action, _source(change)) for change in changes)
    grid = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for (action, source), number in found.most_common(SHORT):
        mark, style = _SIGNS[action]
        grid.add_row(mark, f"{number} rows", Text(f"of {source}", "dim"), style=style)
    if len(found) > SHORT:
        rest = sum(number for _, number in found.most_common()[SHORT:])
        grid.add_row("", f"{rest} rows", Text(f"of {len(found) - SHORT} other files", "dim"))
    return grid


def _source(change: Change) -> str:
    return _CATALOGUE if change.reason.endswith(OF_THE_CATALOGUE) else change.reason


@dataclass(frozen=True)
class _Rows:
    """Rows with a column each for what they say; in one cell where a line has no room for that."""

    name: str
    changes: Sequence[Change]

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        told = {id(change): cells(change) for change in self.changes}
        if any(len(row) > WIDE for row in told.values()) or _width(told.values()) > options.max_width:
            told = {id(change): _in_one_cell(change) for change in self.changes}
        yield _grid(self.name, self.changes, told)


def _width(rows: Iterable[Mapping[str, str]]) -> int:
    """Characters that whole cells take, with some for the reason."""
    longest: Counter[str] = Counter({"because of": _REASON})
    for row in rows:
        for column, said in row.items():
            longest[column] = max(longest[column], len(column), len(said))
    return 1 + sum(longest.values()) + 2 * len(longest)


def _grid(name: str, changes: Sequence[Change], told: Mapping[int, Mapping[str, str]]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    columns = list(dict.fromkeys(column for row in told.values() for column in row))
    grid = Table(title=name, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for column in ("", *columns, "because of"):
        grid.add_column(column, header_style="dim", overflow="fold")
    for change in changes:
        mark, style = _SIGNS[change.action]
        row = told[id(change)]
        shown = (Text(row.get(column, "")) for column in columns)
        grid.add_row(mark, *shown, Text(change.reason, "dim"), style=style)
    return grid


def _in_one_cell(change: Change) -> dict[str, str]:
    """The key, and the rest as far as it says something."""
    key = {name: str(value) for name, value in change.key.items()}
    said = {name: value for name, value in cells(change).items() if name not in key}
    told = (f"{name} {value}" for name, value in said.items() if value not in ("None", "False", "{}", "[]"))
    return key | {"row": " · ".join(told)}


def _blocked(plan: Plan) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    title = Text("Cannot be written", "bold red")
    grid = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), show_header=False)
    for row in plan.blocked:
        key = ", ".join(map(str, row.key.values()))
        grid.add_row("!", row.table, key, row.why, Text(row.reason, "dim"))
    return grid


def _remarks(plan: Plan, *, everything: bool) -> Iterator[Text]:
    from rich.text import Text

    if plan.changes:
        yield summary(plan)
    if len(plan.changes) > SHORT and not everything:
        yield Text("--all shows every row.", "dim")
    if plan.leftover:
        yield Text(f"{plan.leftover} rows of civgen's own are no longer wanted; --prune deletes them.", "dim")
    if plan.many:
        yield Text(f"So many rows of {', '.join(plan.many)} would go that apply needs --allow-many.", "red")
