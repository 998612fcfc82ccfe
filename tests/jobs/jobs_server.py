"""A sandbox in a process of its own, as the orchestrator of the environment `prod`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from itertools import count

#: What every token of it begins with, to be looked for where none may stand.
TOKEN = "canary-7d21"
_NUMBERS = count()


@contextmanager
def served(folder, *words, faults=()):
    """Serve from `folder`, with a hundred users; gives the URL."""
    (folder / "faults.json").write_text(json.dumps(list(faults)))
    users = "".join(f'[tokens.{TOKEN}-{number}]\nuser = "user-{number}"\n' for number in range(100))
    (folder / "tokens.toml").write_text(users)
    files = ["--faults", "faults.json", "--data", "served", "--tokens", "tokens.toml"]
    command = [sys.executable, "-m", "civgen", "sandbox", "serve", "--port", "0", "--speed", "10", *files]
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL, "text": True}
    server = subprocess.Popen([*command, *words], cwd=folder, env=os.environ, **pipes)
    try:
        yield next(word for word in server.stderr.readline().split() if word.startswith("http://"))
    finally:
        server.kill()
        server.communicate()


def as_somebody_new(url, workspace, monkeypatch):
    """Let `prod` of a workspace be a served sandbox, and be a user there who has no jobs yet."""
    (workspace / "civgen.toml").write_text(f'[environments.prod]\norchestrator = "{url}"\n')
    monkeypatch.setenv("CIVGEN_TOKEN", f"{TOKEN}-{next(_NUMBERS)}")
