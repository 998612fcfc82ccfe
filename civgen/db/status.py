"""What a database has: rows a table, what is covered, what is pending."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.db.connect import Database
from civgen.db.plan import make_plan
from civgen.db.schema import VIEW

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Status:
    """A database at one moment.

    Attributes:
        database: where it is.
        rows: how many rows each of the platform's tables has.
        covered: how many model versions may generate.
        pending: how many changes the catalogue asks for.
    """

    database: str
    rows: dict[str, int]
    covered: int
    pending: int

    def as_json(self) -> dict[str, Any]:
        """`{"database", "rows": {table: count}, "covered", "pending"}`."""
        return asdict(self)


def status_of(database: Database, catalog: Catalog) -> Status:
    """Look at a database, all of it at one moment."""
    from civgen.db.tables import Platform

    names = sorted(Platform.metadata.tables)
    with database.reading() as connection:
        *rows, covered = _counts(connection, [*names, VIEW])
        pending = len(make_plan(connection, catalog).changes)
    return Status(database.place, dict(zip(names, rows, strict=True)), covered, pending)


def _counts(connection: Connection, names: list[str]) -> list[int]:
    from sqlalchemy import func, select, table

    counts = [select(func.count()).select_from(table(name)).scalar_subquery() for name in names]
    return list(connection.execute(select(*counts)).one())
