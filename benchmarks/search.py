"""The models index: 100,000 documents planned and written, beside a bare client.

The server is the tests' double, in a process of its own, so that both clients wait for the same thing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, most_memory
from civgen.catalog import Catalog
from civgen.search.backends.meili import Meilisearch
from civgen.search.plan import plan_search, wanted_documents
from civgen.search.sending import batches
from civgen.search.settings import models_index
from civgen.search.sync import sync

MANY = 100_000
TURNS = 8
DOUBLE = Path(__file__).parents[1] / "tests" / "search" / "meili_double.py"
KEY = "the-master-key"
NOW = datetime(2026, 8, 1, 12)


def rows() -> Iterator[Row]:
    """Fill an index of many documents, then plan when nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        database = _database(Path(folder))
        with database.reading() as connection:
            yield from _measure(connection)


def _measure(connection: Any) -> Iterator[Row]:
    catalog, index = Catalog(), models_index()
    prepared = [one.body for one in batches(one.body for one in wanted_documents(connection, catalog, index))]
    before = most_memory()
    work = {
        "ours": lambda url: sync(connection, catalog, _backend(url)),
        "bare": lambda url: _post(url, prepared),
    }
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for turn in range(TURNS):  # each on a server of its own, and each as often first as second
        for side in sorted(work, reverse=turn % 2 == 0):
            with _server() as url:
                times[side].append(_seconds(partial(work[side], url)))
    ours, bare = (statistics.median(times[side]) for side in ("ours", "bare"))
    grown = most_memory() - before
    yield Row(f"sync of {MANY:,} documents", MANY / ours, "prepared batches, bare", MANY / bare, "/s")
    with _server() as url:
        sync(connection, catalog, _backend(url))
        plan = _seconds(lambda: plan_search(connection, catalog, _backend(url)))
    read = _seconds(lambda: sum(1 for _ in wanted_documents(connection, catalog, index)))
    yield Row(f"plan of {MANY:,} documents", plan * 1000, "making the documents", read * 1000, "ms")
    yield Row("memory that a sync adds", grown, "the batches prepared", sum(map(len, prepared)) / 1e6, "MB")


def _backend(url: str) -> Meilisearch:
    from pydantic import SecretStr

    return Meilisearch(url, SecretStr(KEY), models_index())


def _database(root: Path) -> Any:
    from civgen.db.connect import open_database
    from civgen.db.tables import table
    from civgen.settings import Environment

    database = open_database(Environment(), root)
    model = {"type": "LORA", "userId": -1, "status": "Published", "createdAt": NOW, "updatedAt": NOW}
    version = {"baseModel": "SDXL 1.0", "status": "Published", "createdAt": NOW, "updatedAt": NOW}
    file = {"name": "a", "url": "b", "sizeKB": 1.0, "scannedAt": NOW, "metadata": {"format": "SafeTensor"}}
    numbers = range(1, MANY + 1)
    with database.writing() as connection:
        connection.execute(table("GenerationBaseModel").insert(), {"baseModel": "SDXL 1.0"})
        connection.execute(
            table("Model").insert(), [{"id": n, "name": f"Model {n}", **model} for n in numbers]
        )
        versions = [
            {"id": n, "modelId": n, "name": "v1", "trainedWords": [f"w{n}"], **version} for n in numbers
        ]
        connection.execute(table("ModelVersion").insert(), versions)
        connection.execute(
            table("ModelFile").insert(), [{"id": n, "modelVersionId": n, **file} for n in numbers]
        )
    return database


class _server:  # noqa: N801 - used as a function is
    """A running double."""

    def __enter__(self) -> str:
        words = [sys.executable, str(DOUBLE)]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        return f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait()


def _post(url: str, prepared: list[bytes]) -> None:
    """What a client must do at least: post the batches, and ask until the last task is done."""
    import requests

    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {KEY}"
        for batch in prepared:
            answer = session.put(f"{url}/indexes/bare/documents?primaryKey=id", data=batch)
        task = answer.json()["taskUid"]
        while session.get(f"{url}/tasks/{task}").json()["status"] != "succeeded":
            time.sleep(0.05)


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
