"""A running `civgen sandbox serve`, and what is asked of it over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from asking import WORKFLOWS, body


class Server:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], said: str) -> None:
        self.process, self.said = process, said
        self.url = re.findall(r"http://\S+", said)[0]
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Press Ctrl-C, or send another signal; gives the exit code and stdout."""
        self.process.send_signal(how)
        stdout, _ = self.process.communicate(timeout=20)
        return self.process.returncode, stdout

    def ask(
        self, method: str, path: str, *, fault: str = "", token: str = "", **extra: Any
    ) -> httpx.Response:
        """One request, which meets a fault or bears a token."""
        headers = {**extra.pop("headers", {}), **({"X-Sandbox-Fault": fault} if fault else {})}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, path, headers=headers, **extra)

    def submit(self, *steps: dict[str, Any], token: str = "", wait: int = 0, **own: Any) -> dict[str, Any]:
        """Submit what must be accepted."""
        given = {"json": body(*steps, **own), "params": {"wait": wait}}
        return self._workflow("POST", WORKFLOWS, token=token, **given)

    def whatif(self, *steps: dict[str, Any], token: str = "", **own: Any) -> dict[str, Any]:
        """Ask for the price of what must be accepted."""
        given = {"json": body(*steps, **own), "params": {"whatif": "true"}}
        return self._workflow("POST", WORKFLOWS, token=token, **given)

    def get(self, workflow_id: str, token: str = "", **params: Any) -> dict[str, Any]:
        """Read what must be there."""
        return self._workflow("GET", f"{WORKFLOWS}/{workflow_id}", token=token, params=params)

    def listed(self, token: str = "", **params: Any) -> list[str]:
        """The ids on one page."""
        return [one["id"] for one in self.ask("GET", WORKFLOWS, token=token, params=params).json()["items"]]

    def _workflow(self, method: str, path: str, **extra: Any) -> dict[str, Any]:
        answer = self.ask(method, path, **extra)
        assert answer.status_code in (200, 202), answer.text
        return dict(answer.json())


@contextmanager
def served(folder: Path, *words: str, **variables: str) -> Iterator[Server]:
    """Serve from `folder` on a free port."""
    command = [sys.executable, "-m", "civgen", "sandbox", "serve", "--port", "0", *words]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **variables}, **pipes)
    assert process.stderr is not None
    try:
        server = Server(process, process.stderr.readline())
        with server.http:
            yield server
    finally:
        process.kill()
        process.communicate()
