"""What a database has: rows a table, what is covered, what is pending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.db.connect import Database
from civgen.db.planning import make_plan
from civgen.db.schema import VIEW, is_adopted
from civgen.db.scope import NAMED

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Status:
    """A database at one moment.

    Attributes:
        database: where it is.
        adopted: whether the tables are the platform's own, and not civgen's.
        rows: how many rows each of the platform's tables has; of an adopted one's large tables about as
            many as the server remembers, None where it does not.
        covered: how many model versions may generate; None for an adopted one, where counting takes minutes.
        pending: how many changes the catalogue asks for, and how many rows cannot be written.
        waiting: how many models the search index has still to look at.
    """

    database: str
    adopted: bool
    rows: dict[str, int | None]
    covered: int | None
    pending: int
    waiting: int

    def as_json(self) -> dict[str, Any]:
        """`{"database", "adopted", "rows": {table: count}, "covered", "pending", "waiting"}`."""
        return asdict(self)


def status_of(database: Database, catalog: Catalog) -> Status:
    """Look at a database, all of it at one moment."""
    from civgen.db.outbox import waiting
    from civgen.db.tables import Platform

    names = sorted(Platform.metadata.tables)
    with database.reading() as connection:
        plan = make_plan(connection, catalog)
        adopted = is_adopted(connection)
        exact = list(NAMED) if adopted else [*names, VIEW]
        counts: dict[str, int | None] = dict(_counts(connection, exact))
        covered = counts.pop(VIEW, None)
        counts |= _estimates(connection, set(names) - set(counts)) if adopted else {}
        pending = len(plan.changes) + len(plan.blocked)
        rows = {name: counts.get(name) for name in names}
        return Status(database.place, adopted, rows, covered, pending, waiting(connection))


def _counts(connection: Connection, names: list[str]) -> Iterable[tuple[str, int]]:
    from sqlalchemy import func, select, table

    counts = [select(func.count()).select_from(table(name)).scalar_subquery() for name in names]
    return zip(names, connection.execute(select(*counts)).one(), strict=True)


def _estimates(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """About how many rows tables have, as the server last counted."""
    from sqlalchemy import ARRAY, Text, bindparam, text

    query = text(
        "SELECT n, c.reltuples::bigint FROM unnest(:names) AS n "
        "JOIN pg_class c ON c.oid = to_regclass(quote_ident(n)) WHERE c.reltuples >= 0"
    ).bindparams(bindparam("names", type_=ARRAY(Text)))
    return {row.n: row.reltuples for row in connection.execute(query, {"names": list(names)})}
