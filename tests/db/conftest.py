"""A workspace with one ecosystem of its own, and its database: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from server import EMPTY, MADE, Server, running_server
from team import Team

from civgen.db.connect import Database, open_database
from civgen.settings import Environment

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server; where none can be started, the tests that need it are skipped."""
    running = running_server()
    try:
        found = running.__enter__()
    except Exception as error:
        pytest.skip(f"no PostgreSQL server can be started here: {type(error).__name__}: {error}")
    yield found
    running.__exit__(None, None, None)


@pytest.fixture(scope="session")
def made(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database as civgen makes it, to take copies of."""
    server.execute(f"CREATE DATABASE {MADE}")
    open_database(Environment(database=server.url(MADE)), tmp_path_factory.mktemp("made"))
    return MADE


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = server.new_database(EMPTY)
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} (FORCE)")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database that nobody else uses; that of PostgreSQL is made already."""
    if kind == "sqlite":
        yield "sqlite:///.civgen/local.db"
        return
    server, made = request.getfixturevalue("server"), request.getfixturevalue("made")
    name = server.new_database(made)
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} (FORCE)")


@pytest.fixture
def team(workspace: Path, url: str) -> Team:
    return Team(workspace, url)


@pytest.fixture
def listen() -> Callable[[Database], list[str]]:
    """Write down every statement that a database gets from here on."""

    def _listen(database: Database) -> list[str]:
        from sqlalchemy import event

        heard: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *words: heard.append(words[2]))
        return heard

    return _listen
