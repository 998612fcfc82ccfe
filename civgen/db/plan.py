"""The difference between the rows that the catalogue wants and those that are there."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.db.changes import Change, Create, Delete, Identity, Row, Update, identity
from civgen.db.desired import curated_rows, model_rows
from civgen.db.ledger import owned_rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

Rows = Mapping[Identity, Create]

FORMAT_VERSION = 1
#: Lists of which civgen keeps its part: what nobody wants any more goes. Models and versions stay,
#: since other rows may hang on them.
PRUNED = ("EcosystemCheckpoints", "GenerationBaseModel")


@dataclass(frozen=True)
class Plan:
    """Changes in the order in which they can be written: none when everything is as it should be."""

    changes: tuple[Change, ...]

    @cached_property
    def fingerprint(self) -> str:
        """Hash of what would be written and of what was seen there; reasons do not count."""
        facts = [
            {name: value for name, value in change.as_json().items() if name != "reason"}
            for change in self.changes
        ]
        text = json.dumps([FORMAT_VERSION, facts], sort_keys=True, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind, those of which there are some."""
        return dict(Counter(change.action for change in self.changes))

    def as_json(self) -> dict[str, Any]:
        """`{"format_version", "fingerprint", "counts", "changes": [...]}`: what `--out` writes."""
        changes = [change.as_json() for change in self.changes]
        return {
            "format_version": FORMAT_VERSION,
            "fingerprint": self.fingerprint,
            "counts": self.counts,
            "changes": changes,
        }


def make_plan(connection: Connection, catalog: Catalog) -> Plan:
    """What must change for the database to say what the catalogue says.

    Only rows that civgen created are updated or deleted; what others wrote stays as it is.
    """
    wanted = _unique([*curated_rows(catalog), *model_rows(catalog)])
    owned = owned_rows(connection)
    there = _rows_there(connection, [*wanted.values(), *owned.values()])
    return Plan(ordered([*_compare(wanted, owned, there), *_prune(wanted, owned, there)]))


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes in the one order that the keys between tables allow: deletions last, children first."""
    from civgen.db.tables import Platform

    rank = {table.name: number for number, table in enumerate(Platform.metadata.sorted_tables)}

    def place(change: Change) -> tuple[Any, ...]:
        is_last = change.action == "delete"
        table = -rank[change.table] if is_last else rank[change.table]
        return is_last, table, change.action, *change.key.values()

    return tuple(sorted(changes, key=place))


def _unique(rows: Iterable[Create]) -> dict[Identity, Create]:
    """Each row once, as the first that asked for it wants it; several ecosystems may share a model."""
    found: dict[Identity, Create] = {}
    for row in rows:
        found.setdefault(row.identity, row)
    return found


def _rows_there(connection: Connection, asked: Iterable[Create]) -> dict[Identity, Row]:
    """Which of the rows are there, with the columns that civgen writes: one query a table."""
    tables: defaultdict[str, list[Create]] = defaultdict(list)
    for row in asked:
        tables[row.table].append(row)
    there: dict[Identity, Row] = {}
    for table, rows in tables.items():
        there |= _rows_of(connection, table, rows)
    return there


def _rows_of(connection: Connection, name: str, asked: Sequence[Create]) -> dict[Identity, Row]:
    from sqlalchemy import select

    from civgen.db.dialects import among
    from civgen.db.tables import table

    keys = list(asked[0].key)
    columns = dict.fromkeys([*keys, *(column for row in asked for column in row.values)])
    known = table(name).c
    query = select(*(known[column] for column in columns))
    query = query.where(among(known[keys[0]], [row.key[keys[0]] for row in asked]))
    rows = connection.execute(query).mappings()
    return {identity(name, {key: row[key] for key in keys}): dict(row) for row in rows}


def _compare(wanted: Rows, owned: Rows, there: Mapping[Identity, Row]) -> Iterator[Change]:
    for which, row in wanted.items():
        found = there.get(which)
        if found is None:
            yield row
        elif which in owned and (differing := [name for name, to in row.values.items() if found[name] != to]):
            before = {name: found[name] for name in differing}
            after = {name: row.values[name] for name in differing}
            yield Update(row.table, row.key, before, after, row.reason)


def _prune(wanted: Rows, owned: Rows, there: Mapping[Identity, Row]) -> Iterator[Change]:
    for which, row in owned.items():
        if row.table in PRUNED and which in there and which not in wanted:
            before = {name: there[which][name] for name in row.values}
            yield Delete(row.table, row.key, before, f"no longer in {row.reason}")
