"""Databases of both kinds, as fixtures: a test that asks for `url` runs on each, with one of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from server import EMPTY, MADE, Server, running_server

from civgen.db.connect import open_database
from civgen.settings import Environment

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server; where none can be started, the tests that need it are skipped."""
    running = running_server()
    try:
        found = running.__enter__()
    except Exception as error:
        pytest.skip(f"no PostgreSQL server can be started here: {type(error).__name__}: {error}")
    yield found
    running.__exit__(None, None, None)


@pytest.fixture(scope="session")
def made(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database as civgen makes it, to take copies of."""
    postgresql.execute(f"CREATE DATABASE {MADE}")
    open_database(Environment(database=postgresql.url(MADE)), tmp_path_factory.mktemp("made"))
    return MADE


@pytest.fixture
def empty(postgresql: Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = postgresql.new_database(EMPTY)
    yield postgresql.url(name)
    postgresql.execute(f"DROP DATABASE {name} (FORCE)")


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
    server, made = request.getfixturevalue("postgresql"), request.getfixturevalue("made")
    name = server.new_database(made)
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} (FORCE)")
