"""Tables that fit the screen: keys and numbers stay whole, and words flow.

A listing has a line a row: there words are cut, and where that is not enough columns are left out. What goes
to a file or another program is never cut.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

#: Characters from which on a column of several words is taken for words that may flow, and any column.
_WORDS, _ANY = 24, 40
#: Characters that flowing words need at least, to be of use.
_LEAST = 16


def fitting(
    columns: Sequence[str], rows: Sequence[Sequence[str]], room: int, spare: Sequence[str]
) -> list[str]:
    """The columns for which a line has room, words cut short; the first always stays.

    Args:
        room: characters in a line.
        spare: those that may be left out, the first to go first.
    """
    going = [name for name in spare if name in columns[1:]]
    gone: list[str] = []
    while going and _needed(columns, rows, gone) > room:
        gone.append(going.pop(0))
    for name in reversed(gone):  # what went first may be narrow enough for the room that the last one left
        rest = [one for one in gone if one != name]
        if _needed(columns, rows, rest) <= room:
            gone = rest
    return [name for name in columns if name not in gone]


def drawn(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    room: int,
    *,
    title: str | None = None,
    one_line: bool = False,
    right: Collection[str] = (),
) -> Table:
    """A table that is not wider than `room`.

    Args:
        one_line: cut words that have no room, in place of going on in the next line.
        right: columns that end where the others of a line do.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for name, width in zip(columns, _widths(columns, rows, room), strict=True):
        table.add_column(
            name,
            width=width,
            no_wrap=one_line,
            overflow="ellipsis" if one_line else "fold",
            justify="right" if name in right else "left",
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """What stays whole gets what it needs; what flows shares the rest, the narrow ones first."""
    natural = [_natural(name, _cells(rows, number)) for number, name in enumerate(columns)]
    left = room - _between(len(columns))
    if sum(natural) <= left:
        return natural
    flowing = [number for number, _ in enumerate(columns) if _flows(_cells(rows, number), natural[number])]
    kept = sum(natural) - sum(natural[number] for number in flowing)
    if not flowing or left - kept < len(flowing) * _LEAST // 2:
        flowing = list(range(1, len(columns)))  # the first is what a row is called by
        kept = natural[0]
    left = max(len(flowing), left - kept)
    for done, number in enumerate(sorted(flowing, key=natural.__getitem__)):
        natural[number] = max(1, min(natural[number], left // (len(flowing) - done)))
        left -= natural[number]
    return natural


def _needed(columns: Sequence[str], rows: Sequence[Sequence[str]], gone: Collection[str]) -> int:
    """Characters that a line takes without some columns, words cut as short as they may be."""
    total = _between(len(columns) - len(gone))
    for number, name in enumerate(columns):
        if name in gone:
            continue
        cells = _cells(rows, number)
        natural = _natural(name, cells)
        total += min(natural, max(_LEAST, len(name))) if _flows(cells, natural) else natural
    return total


def _cells(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    return [row[number] for row in rows]


def _natural(name: str, cells: Sequence[str]) -> int:
    """Characters of the longest line."""
    from rich.cells import cell_len

    return max(map(cell_len, (name, *(line for cell in cells for line in cell.splitlines()))))


def _flows(cells: Sequence[str], natural: int) -> bool:
    return natural > _ANY or (natural > _WORDS and any(" " in cell for cell in cells))


def _between(columns: int) -> int:
    """Characters around and between columns."""
    return 3 * (columns - 1) + 2
