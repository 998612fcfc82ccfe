"""One answer of `civgen coverage` among a million versions, beside fetching that version's row by its key."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.db import _server
from benchmarks.measure import Row

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from civgen.db.connect import Database

MANY = 1_000_000
ASKED = 200
#: Beyond the numbers of what may be there already.
FIRST = 1_000_001
_ROWS = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) "
    "SELECT n FROM s)",
    "postgresql": "(SELECT generate_series({first}, {last}) AS n) AS s",
}
_STATEMENTS = (
    """INSERT INTO "Model" (id, name, type, "userId", "updatedAt")
    SELECT n, 'model', 'LORA', -1, CURRENT_TIMESTAMP FROM {rows}""",
    """INSERT INTO "ModelVersion" (id, "modelId", name, "baseModel", status, "updatedAt")
    SELECT n, n, 'v1', 'SDXL 1.0', 'Published', CURRENT_TIMESTAMP FROM {rows}""",
    """INSERT INTO "ModelFile" ("modelVersionId", name, url, "sizeKB", "scannedAt")
    SELECT n, 'f', 'https://example.org/f', 1, CURRENT_TIMESTAMP FROM {rows}""",
    "ANALYZE",
)


def rows() -> Iterator[Row]:
    """Milliseconds of query time, the median of many ids, on SQLite and on PostgreSQL."""
    from civgen.db.connect import open_database
    from civgen.settings import Environment

    with tempfile.TemporaryDirectory() as name, _server() as new_database:
        urls = {"SQLite": "sqlite:///bench.db", "PostgreSQL": new_database()}
        for kind, url in urls.items():
            database = open_database(Environment(database=url), Path(name))
            _fill(database)
            ours, theirs = _times(database)
            yield Row(f"coverage, 1M rows, {kind}", ours, "the version's row by its key", theirs, "ms")


def _fill(database: Database) -> None:
    with database.writing() as connection:
        generated = _ROWS[connection.dialect.name].format(first=FIRST, last=FIRST + MANY - 1)
        for statement in _STATEMENTS:
            connection.exec_driver_sql(statement.format(rows=generated))


def _times(database: Database) -> tuple[float, float]:
    """Of an answer and of the peer, in turns over ids from all over the table."""
    from sqlalchemy import select

    from civgen.db.coverage import explain_coverage
    from civgen.db.tables import table

    version = table("ModelVersion").c

    def peer(connection: Connection, number: int) -> object:
        return connection.execute(select(version.id, version.name).where(version.id == number)).one()

    with database.reading() as connection:
        pairs = [
            (_once(explain_coverage, connection, number), _once(peer, connection, number))
            for number in range(FIRST, FIRST + MANY, MANY // ASKED)
        ]
    return statistics.median(ours for ours, _ in pairs), statistics.median(theirs for _, theirs in pairs)


def _once(work: Callable[[Connection, int], object], connection: Connection, number: int) -> float:
    started = time.perf_counter()
    work(connection, number)
    return (time.perf_counter() - started) * 1000
