"""A workspace with one ecosystem of its own, and its database: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from databases import empty, kind, made, postgresql, url
from server import Server
from team import Team

from civgen.db.connect import Database

__all__ = ["empty", "kind", "made", "postgresql", "url"]


@pytest.fixture(scope="session")
def server(postgresql: Server) -> Server:
    return postgresql


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
