"""Every test of an index runs on the embedded one, and on Meilisearch as its public API says it is.

With CIVGEN_TEST_MEILI_URL (and CIVGEN_TEST_MEILI_KEY) they run against that server too, each test on an
index of its own, which it removes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import meili_double
import pytest
from pydantic import SecretStr
from rows import Rows

from civgen.search.backends import Backend
from civgen.search.backends.embedded import Embedded
from civgen.search.backends.meili import Meilisearch
from civgen.search.settings import IndexSettings, models_index

sys.path.append(str(Path(__file__).parents[1] / "db"))  # whose team is at work here too
from databases import kind, made, postgresql, url
from team import Team

__all__ = ["kind", "made", "postgresql", "url"]

REAL = os.environ.get("CIVGEN_TEST_MEILI_URL")
REAL_KEY = os.environ.get("CIVGEN_TEST_MEILI_KEY")
KINDS = ["embedded", "double", *(["real"] if REAL else [])]


@pytest.fixture
def rows(workspace: Path) -> Rows:
    return Rows(workspace)


@pytest.fixture
def team(workspace: Path) -> Team:
    """A workspace with an ecosystem of its own, and its database on SQLite."""
    return Team(workspace, "sqlite:///.civgen/local.db")


@pytest.fixture(scope="session")
def double() -> Iterator[str]:
    """The address of a running double."""
    words = [sys.executable, meili_double.__file__]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


@pytest.fixture
def index() -> IndexSettings:
    return replace(models_index(), name=f"models_{uuid4().hex[:8]}")


@pytest.fixture(params=KINDS)
def backend(request: pytest.FixtureRequest, workspace: Path, index: IndexSettings) -> Iterator[Backend]:
    """An index that is not there yet."""
    opened = _opened(request.param, request, workspace, index)
    yield opened
    if request.param == "real":
        opened.wait([opened.drop()])
    opened.close()


@pytest.fixture
def server(double: str, index: IndexSettings) -> Meilisearch:
    """The index on the double."""
    return Meilisearch(double, SecretStr(meili_double.KEY), index)


@pytest.fixture
def wrong(double: str) -> Callable[[str], None]:
    """Let one thing go wrong on the double."""

    def _wrong(fault: str) -> None:
        import httpx

        httpx.post(f"{double}/double/fault", json={"fault": fault}).raise_for_status()

    return _wrong


def _opened(kind: str, request: pytest.FixtureRequest, workspace: Path, index: IndexSettings) -> Backend:
    if kind == "embedded":
        return Embedded(workspace / ".civgen" / "search.sqlite", index)
    if kind == "double":
        return Meilisearch(request.getfixturevalue("double"), SecretStr(meili_double.KEY), index)
    return Meilisearch(str(REAL), SecretStr(REAL_KEY) if REAL_KEY else None, index)
