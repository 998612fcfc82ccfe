"""A queue on a PostgreSQL server, an orchestrator in a process of its own, and workers in theirs."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from civgen.orchestrator.client import Orchestrator

sys.path.append(str(Path(__file__).parents[2] / "db"))
from server import EMPTY, Server, running_server

TOKEN = "canary-0123456789abcdef"
PRICE = 2000
VEO = {"ecosystem": "Veo3", "duration": 8, "generateAudio": True}
CIVGEN = [sys.executable, "-m", "civgen"]


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


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The URL of an empty database."""
    name = server.new_database(EMPTY)
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} (FORCE)")


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


@dataclass
class Site:
    """A workspace whose environment `prod` has a queue, and the workers that were started in it."""

    root: Path
    url: str
    database: str
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def batch(self, requests: list[dict[str, Any]]) -> Path:
        """A file of requests, numbered."""
        path = self.root / "batch.jsonl"
        lines = (json.dumps({"id": n, "request": {**VEO, **one}}) for n, one in enumerate(requests))
        path.write_text("\n".join(lines))
        return path

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start civgen there, its answers piped."""
        return subprocess.Popen(
            [*CIVGEN, *words, "--env", "prod"], cwd=self.root, stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "CIVGEN_TOKEN": TOKEN},
        )  # fmt: skip

    def worker(self, *words: str) -> subprocess.Popen[str]:
        """Start a worker there, which is soon found dead when it is."""
        process = self.start("worker", "--lease", "2", "--json", *words)
        self.workers.append(process)
        return process

    def submitted(self) -> list[tuple[str | None, str]]:
        """Of every workflow at the orchestrator, its externalId and its prompt."""

        async def all_of() -> list[tuple[str | None, str]]:
            async with Orchestrator(self.url, SecretStr(TOKEN), attempts=20) as client:
                found = [one async for one in client.query(["civgen"], take=500)]
            return [(one.external_id, one.steps[0].input["prompt"]) for one in found]

        return asyncio.run(all_of())


def stopped(process: subprocess.Popen[str]) -> dict[str, int]:
    """Ask a worker to stop; gives what it says it did."""
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return dict(json.loads(out))


def until(what: Callable[[], Any], seconds: float = 120) -> Any:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return found


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
