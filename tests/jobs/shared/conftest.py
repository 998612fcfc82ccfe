"""A queue on a PostgreSQL server, an orchestrator in a process of its own, and workers in theirs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[2] / "db"))
from databases import empty as database
from databases import postgresql
from queue_site import CIVGEN, TOKEN, Site

__all__ = ["database", "postgresql"]


@pytest.fixture
def orchestrate(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Serve a sandbox with options of `civgen sandbox serve`; gives its URL."""
    started: list[tuple[Any, threading.Thread]] = []

    def serve(*words: str) -> str:
        folder = tmp_path / f"orchestrator{len(started)}"
        folder.mkdir()
        (folder / "civgen.toml").write_text("")
        command = [*CIVGEN, "sandbox", "serve", "--port", "0", "--token-env", "CANARY", *words]
        process = subprocess.Popen(
            command, cwd=folder, text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
            env={**os.environ, "CANARY": TOKEN},
        )  # fmt: skip
        assert process.stderr is not None
        said = process.stderr.readline()
        drain = threading.Thread(target=process.stderr.read)
        drain.start()
        started.append((process, drain))
        found = re.search(r"http://[\d.:]+\d", said)
        assert found, said
        return found[0]

    yield serve
    for process, drain in started:
        process.terminate()
        process.wait(timeout=20)
        drain.join()
        process.stderr.close()


@pytest.fixture
def site(workspace: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Site]]:
    """Make a site for an orchestrator's URL."""
    made: list[Site] = []

    def at(url: str) -> Site:
        monkeypatch.setenv("CIVGEN_TOKEN", TOKEN)
        prod = f'[environments.prod]\norchestrator = "{url}"\ndatabase = "{database}"\ntimeout = 10\n'
        (workspace / "civgen.toml").write_text(prod)
        made.append(Site(workspace, url, database))
        return made[-1]

    yield at
    for one in made:
        for process in one.workers:
            if process.poll() is None:
                process.kill()
                process.communicate()
