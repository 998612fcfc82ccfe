"""One answer of `civgen coverage` among a million versions, beside fetching that version's row by its key."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import ROOT, Row

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from civgen.db.connect import Database

MANY = 1_000_000
ASKED = 200
_ROWS = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {many}) "
    "SELECT n FROM s)",
    "postgresql": "(SELECT generate_series(1, {many}) AS n) AS s",
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

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        urls = {"SQLite": "sqlite:///bench.db", "PostgreSQL": _server(stack)}
        for kind, url in urls.items():
            database = open_database(Environment(database=url), Path(name))
            _fill(database)
            ours, theirs = _times(database)
            yield Row(f"coverage, 1M rows, {kind}", ours, "the version's row by its key", theirs, "ms")


def _server(stack: ExitStack) -> str:
    """The URL of an empty database on a server that runs until the stack ends."""
    sys.path.insert(0, str(ROOT / "tests" / "db"))
    from server import running_server

    server: Any = stack.enter_context(running_server())
    return str(server.url(server.new_database()))


def _fill(database: Database) -> None:
    with database.writing() as connection:
        generated = _ROWS[connection.dialect.name].format(many=MANY)
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
            for number in range(1, MANY, MANY // ASKED)
        ]
    return statistics.median(ours for ours, _ in pairs), statistics.median(theirs for _, theirs in pairs)


def _once(work: Callable[[Connection, int], object], connection: Connection, number: int) -> float:
    started = time.perf_counter()
    work(connection, number)
    return (time.perf_counter() - started) * 1000
