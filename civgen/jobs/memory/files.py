"""Files that are never half written, and never written by two processes at a time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from civgen.files import usable

#: Seconds that a process waits for another to have written.
PATIENCE = 30.0


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and move it there: who reads it finds the old or the new one."""
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    with usable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other processes out meanwhile.

    The lock is the operating system's, by way of SQLite: it dies with its process, however that ends.

    Args:
        path: of the lock's own file.
    """
    with usable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    with closing(db):
        with usable(path):
            db.execute("BEGIN EXCLUSIVE")
        yield
