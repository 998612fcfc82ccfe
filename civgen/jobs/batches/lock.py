"""One run of a batch at a time, on this machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from civgen.errors import Refused


@contextmanager
def only_run(path: Path, batch: str) -> Iterator[None]:
    """Keep other processes from running a batch.

    The lock is the operating system's, by way of SQLite: it dies with its process, however that ends,
    so there is never one to be forced open.

    Raises:
        Refused: another process runs it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            hint = f"Stop it there first; `civgen batch status {batch}` shows how far it is."
            raise Refused(f"Another process is running the batch {batch}.", hint=hint) from None
        yield
