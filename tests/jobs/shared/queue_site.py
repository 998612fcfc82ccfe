"""A workspace with a queue, and workers in processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from civgen.orchestrator.client import Orchestrator

TOKEN = "canary-0123456789abcdef"
PRICE = 2000
VEO = {"ecosystem": "Veo3", "duration": 8, "generateAudio": True}
CIVGEN = [sys.executable, "-m", "civgen"]


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
