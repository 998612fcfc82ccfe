"""Short answers: some rows, some columns, and how to get the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from civgen.errors import InvalidInput, Problem, did_you_mean
from civgen.mcp.tool import Asked

Row = Mapping[str, Any]

#: Characters of a text in a row that was not asked for by name.
_LONGEST = 120


class Picked(Asked):
    """A choice of columns."""

    fields: Annotated[list[str], Field(description="Only these keys of each entry.")] = []


class Paged(Picked):
    """A choice of rows and columns."""

    limit: Annotated[int, Field(ge=1, le=200)] = 20
    offset: Annotated[int, Field(ge=0)] = 0


class Page(TypedDict):
    """Some rows; `next_offset` is null after the last."""

    items: list[dict[str, Any]]
    total: int
    next_offset: int | None


def page_of(rows: Sequence[Row], asked: Paged) -> Page:
    """The rows that were asked for. Without `fields`, what is short of each.

    Raises:
        InvalidInput: with every field that no row has.
    """
    known = dict.fromkeys(key for row in rows for key in row)
    refuse_unknown(asked.fields, known)
    some = rows[asked.offset : asked.offset + asked.limit]
    end = asked.offset + len(some)
    items = [picked(row, asked.fields) if asked.fields else short(row) for row in some]
    return Page(items=items, total=len(rows), next_offset=end if end < len(rows) else None)


def picked(row: Row, fields: Iterable[str]) -> dict[str, Any]:
    """The columns that were asked for, all without any."""
    wanted = list(fields)
    return {name: row[name] for name in wanted if name in row} if wanted else dict(row)


def short(row: Row) -> dict[str, Any]:
    """What says little in much is left out of a row, or cut."""
    scalars = {name: value for name, value in row.items() if not isinstance(value, list | dict)}
    said = {name: value for name, value in scalars.items() if value not in (None, "", False)}
    return {name: _cut(value) for name, value in said.items()}


def refuse_unknown(fields: Iterable[str], known: Iterable[str]) -> None:
    """Refuse keys that there are not.

    Raises:
        InvalidInput: with every one.
    """
    names = list(known)
    problems = [
        Problem("fields", "is no key of these entries", one, names, did_you_mean(one, names))
        for one in fields
        if names and one not in names
    ]
    if problems:
        message = f"There is no field {problems[0].given!r} here."
        raise InvalidInput(message, hint=problems[0].hint, details=problems)


def _cut(value: Any) -> Any:
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value
