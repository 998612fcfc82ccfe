"""Making a plan: the difference between the rows that are wanted and those that are there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.db.changes import Change, Create, Delete, Identity, Row, Update
from civgen.db.desired import auction_rows, curated_rows, model_rows
from civgen.db.ledger import owned_rows
from civgen.db.plan import Blocked, Plan
from civgen.db.scope import ALWAYS, IMPORT, NAMED, PRUNED, Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

Rows = Mapping[Identity, Create]

#: Deletions of one table beyond which the user must say that they are meant: rows, and their share.
MANY = 50
MANY_SHARE = 0.3


def make_plan(connection: Connection, catalog: Catalog, scope: Scope = ALWAYS) -> Plan:
    """What must change for the database to say what the catalogue says.

    Only rows that civgen created are updated or deleted, and those that the user names; what others
    wrote stays as it is. In the platform's own database no models are wanted: people publish them.

    Raises:
        InvalidInput, NotFound: the scope asks for what cannot be; or tables are not the platform's.
        NotAuthorised: this user may not read them.
    """
    from civgen.db.schema import is_adopted

    adopted = is_adopted(connection)
    wanted = [*curated_rows(catalog), *auction_rows(catalog, scope.auctions)]
    wanted += [] if adopted else model_rows(catalog)
    return plan_rows(connection, wanted, scope, adopted=adopted)


def plan_rows(
    connection: Connection,
    wanted: Iterable[Create],
    scope: Scope = ALWAYS,
    *,
    adopted: bool = False,
    imported: bool = False,
) -> Plan:
    """What must change for the database to have the wanted rows.

    Args:
        adopted: whether the tables are the platform's own.
        imported: whether the rows are copies from another database; these and the catalogue's leave each
            other's rows as they are.
    """
    named, rows = scope.named(), _unique(wanted)
    for which in named:
        rows.pop(which, None)
    blocked = dict(_blocked(connection, rows, named)) if adopted else {}
    owned = {
        which: why for which, why in owned_rows(connection).items() if why.startswith(IMPORT) is imported
    }
    leftover = {which: why for which, why in owned.items() if which[0] in PRUNED and which not in rows}
    going = leftover if scope.prune else {}
    there = _rows_there(connection, rows.values(), [*named, *going])
    changes = ordered([*_compare(rows, owned, there, blocked), *_deletions(named, going, there)])
    left = sum(which not in named for which in leftover) if not scope.prune else 0
    stuck = tuple(row for which, row in blocked.items() if which[1] not in there[row.table].rows)
    return Plan(changes, scope, stuck, left, _many(connection, changes))


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one table: the names of some columns, and their values by key."""

    columns: tuple[str, ...]
    rows: Mapping[tuple[Any, ...], tuple[Any, ...]]

    def row(self, key: tuple[Any, ...]) -> dict[str, Any] | None:
        """What a row says of the columns; None where there is none."""
        values = self.rows.get(key)
        return None if values is None else dict(zip(self.columns, values, strict=True))


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes in the one order that the keys between tables allow: deletions last, children first."""
    from civgen.db.tables import Platform

    rank = {table.name: number for number, table in enumerate(Platform.metadata.sorted_tables)}
    alike: defaultdict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        alike[change.action, change.table].append(change)

    def place(group: tuple[str, str]) -> tuple[Any, ...]:
        action, name = group
        return (True, -rank[name]) if action == "delete" else (False, rank[name], action)

    groups = (alike[group] for group in sorted(alike, key=place))
    return tuple(change for group in groups for change in sorted(group, key=_key))


def rows_of(connection: Connection, name: str, keys: Sequence[Row], columns: Iterable[str]) -> Found:
    """Those of the rows of a table that are there, with columns beside their key: one query.

    Args:
        keys: column to value; the same columns for all.
    """
    from sqlalchemy import select

    from civgen.db.dialects import among
    from civgen.db.tables import table
    from civgen.db.times import as_text, time_columns

    named = list(keys[0])
    wanted = tuple(dict.fromkeys(columns))
    known = table(name).c
    # The column that tells most rows apart; what else it finds is nobody's question.
    narrowest = named[-1]
    query = select(*(known[column] for column in (*named, *wanted)))
    query = query.where(among(known[narrowest], [key[narrowest] for key in keys]))
    size = len(named)
    rows: Sequence[Any] = connection.execute(query).all()
    if time_columns(table(name), wanted):
        rows = as_text(rows)
    return Found(wanted, {row[:size]: row[size:] for row in rows})


def _key(change: Change) -> tuple[Any, ...]:
    return tuple(change.key.values())


def _unique(rows: Iterable[Create]) -> dict[Identity, Create]:
    """Each row once, as the first that asked for it wants it; several ecosystems may share a model."""
    return {row.identity: row for row in reversed([*rows])}


def _rows_there(
    connection: Connection, wanted: Iterable[Create], going: Iterable[Identity]
) -> dict[str, Found]:
    """Which of the rows are there, by table: wanted ones with what civgen writes, others as a whole."""
    asked: defaultdict[str, list[tuple[Row, Iterable[str]]]] = defaultdict(list)
    for row in wanted:
        asked[row.table].append((row.key, row.values))
    for name, values in going:
        named, others = _columns(name)
        asked[name].append((dict(zip(named, values, strict=True)), others))
    return {
        name: rows_of(connection, name, [key for key, _ in rows], (one for _, said in rows for one in said))
        for name, rows in asked.items()
    }


def _columns(name: str) -> tuple[Sequence[str], list[str]]:
    """The columns that name a row of a list, and all others."""
    from civgen.db.tables import table

    return NAMED[name], [column.name for column in table(name).c if column.name not in NAMED[name]]


def _compare(
    wanted: Rows, owned: Collection[Identity], there: Mapping[str, Found], blocked: Collection[Identity]
) -> Iterator[Change]:
    for which, row in wanted.items():
        found = there[row.table]
        values = found.rows.get(which[1])
        if values is None:
            if which not in blocked:
                yield row
        elif (*row.values.values(),) != values or (*row.values,) != found.columns:
            now = dict(zip(found.columns, values, strict=True))
            differing = [name for name, to in row.values.items() if now[name] != to]
            if differing and which in owned:
                before = {name: now[name] for name in differing}
                after = {name: row.values[name] for name in differing}
                yield Update(row.table, row.key, before, after, row.reason)


def _deletions(
    named: Mapping[Identity, Row], going: Mapping[Identity, str], there: Mapping[str, Found]
) -> Iterator[Delete]:
    said = {which: f"no longer in {reason}" for which, reason in going.items()}
    for (name, values), reason in (said | dict.fromkeys(named, "named by --delete")).items():
        row = there[name].row(values)
        if row is not None:
            columns, others = _columns(name)
            key = dict(zip(columns, values, strict=True))
            yield Delete(name, key, {column: row[column] for column in others}, reason)


def _blocked(
    connection: Connection, rows: Rows, named: Iterable[Identity]
) -> Iterator[tuple[Identity, Blocked]]:
    """Look at the platform's tables; the rows that cannot be written there."""
    from civgen.db.adopt import look_at, unwritable

    columns: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in rows.values():
        columns[row.table] |= dict.fromkeys((*row.key, *row.values))
    for name, _ in named:
        columns[name] |= dict.fromkeys((*_columns(name)[0], *_columns(name)[1]))
    tables = look_at(connection, dict(sorted(columns.items())))
    for which, row in rows.items():
        if why := unwritable(tables, row):
            yield which, Blocked(row.table, row.key, why, row.reason)


def _many(connection: Connection, changes: Iterable[Change]) -> tuple[str, ...]:
    """Tables of which more rows would go than anyone means by accident."""
    from sqlalchemy import func, select

    from civgen.db.tables import table

    going = Counter(change.table for change in changes if change.action == "delete")
    many = []
    for name, number in going.items():
        rows = connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        if number > MANY or number > rows * MANY_SHARE:
            many.append(name)
    return tuple(many)
