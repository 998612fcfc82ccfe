"""A batch against an orchestrator that loses replies, killed again and again: nothing twice, nothing lost.

By default a few hundred lines; CIVGEN_CHAOS_LINES=2000 for as many as CI runs.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from civgen.orchestrator.client import Orchestrator

TOKEN = "canary-0123456789abcdef"
LINES = int(os.environ.get("CIVGEN_CHAOS_LINES", "300"))
KILLS = 8
#: Part of the requests that meet a fault; of those, half lose the answer to what was carried out.
FAIL = 0.15
PRICE = 2000
CIVGEN = [sys.executable, "-m", "civgen"]


@dataclass
class Place:
    """A workspace whose environment `prod` is a faulty sandbox in another process."""

    root: Path
    url: str

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start civgen there, its answers piped."""
        return subprocess.Popen(
            [*CIVGEN, *words], cwd=self.root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "CIVGEN_TOKEN": TOKEN},
        )  # fmt: skip

    def submitted(self) -> list[tuple[str | None, str]]:
        """Of every workflow at the orchestrator, its externalId and its prompt."""

        async def all_of() -> list[tuple[str | None, str]]:
            async with Orchestrator(self.url, SecretStr(TOKEN), attempts=20) as client:
                found = [one async for one in client.query(["civgen"], take=500)]
            return [(one.external_id, one.steps[0].input["prompt"]) for one in found]

        return asyncio.run(all_of())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "civgen.toml").write_text("")
    words = ["sandbox", "serve", "--port", "0", "--token-env", "CANARY", "--speed", "1000"]
    server = subprocess.Popen(
        [*CIVGEN, *words, "--fail", str(FAIL), "--seed", "7"], cwd=tmp_path / "server",
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env={**os.environ, "CANARY": TOKEN},
    )  # fmt: skip
    assert server.stderr is not None
    said = server.stderr.readline()
    drain = threading.Thread(target=server.stderr.read)
    drain.start()
    found = re.search(r"http://[\d.:]+\d", said)
    assert found, said
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "civgen.toml").write_text(f'[environments.prod]\norchestrator = "{found[0]}"\ntimeout = 10\n')
    yield Place(root, found[0])
    server.terminate()
    server.wait(timeout=20)
    drain.join()
    server.stderr.close()


def a_batch(path: Path, lines: int) -> Path:
    veo = {"ecosystem": "Veo3", "duration": 8, "generateAudio": True}
    with path.open("w") as file:
        for number in range(lines):
            request = {**veo, "prompt": f"lighthouse {number}"}
            file.write(json.dumps({"id": number, "request": request}) + "\n")
    return path


def test_nothing_is_paid_twice_and_nothing_is_lost_whenever_it_is_killed(place: Place) -> None:
    source = a_batch(place.root / "batch.jsonl", LINES)
    begin = ["submit", "--batch", str(source), "--env", "prod", "--yes", "--concurrency", "64"]
    begin += ["--max-cost", str(LINES * PRICE)]
    chance, said = random.Random(7), ""
    process = place.start(*begin)
    assert process.stderr is not None
    batch = process.stderr.readline().split()[1]
    for _ in range(KILLS):
        try:
            # At most a twelfth of what the whole would take at 100 lines a second.
            said += "".join(process.communicate(timeout=chance.uniform(0.5, 1.5 + LINES / 1200)))
        except subprocess.TimeoutExpired:
            seen = Path(f"/proc/{process.pid}/cmdline")
            assert not seen.exists() or TOKEN not in seen.read_text()
            process.send_signal(signal.SIGKILL)
            said += "".join(process.communicate())
        process = place.start("batch", "resume", batch)
    out, err = process.communicate(timeout=150)
    while process.returncode in (5, 9):  # one that was not answered in six attempts; chance will have it
        process = place.start("batch", "resume", batch)
        out, err = process.communicate(timeout=150)
    assert process.returncode == 0, err[-2000:]

    answers = [json.loads(line) for line in out.splitlines()]
    assert [one["id"] for one in answers] == list(range(LINES))
    assert all(one["ok"] and one["workflowId"] for one in answers)
    assert len({one["workflowId"] for one in answers}) == LINES

    at_server = place.submitted()
    times = Counter(prompt for _, prompt in at_server)
    assert times == {f"lighthouse {number}": 1 for number in range(LINES)}
    assert {external for external, _ in at_server} == {one["externalId"] for one in answers}

    with sqlite3.connect(place.root / ".civgen" / "journal.sqlite") as journal:
        states = journal.execute("SELECT state, count(*), sum(price) FROM lines GROUP BY state").fetchall()
    journal.close()
    assert states == [("accepted", LINES, LINES * PRICE)]

    assert TOKEN not in said + out + err
    kept = [path for path in place.root.rglob("*") if path.is_file()]
    assert kept and not any(TOKEN.encode() in path.read_bytes() for path in kept)
