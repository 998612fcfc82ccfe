"""From the start of `civgen mcp` to its first answer, beside importing the protocol's library alone."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, in_turns

_HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}
#: What an agent says: hello, and its first question.
_WORDS = [
    {"id": 1, "method": "initialize", "params": _HELLO},
    {"method": "notifications/initialized"},
    {
        "id": 2,
        "method": "tools/call",
        "params": {"name": "compat", "arguments": {"checkpoint": "SDXL", "addon": "Pony"}},
    },
]


def rows() -> Iterator[Row]:
    """Time the first answered call of a tool."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        subprocess.run(
            [sys.executable, "-m", "civgen", "init", str(workspace)], capture_output=True, check=True
        )
        asking = [sys.executable, "-m", "benchmarks.agents", str(workspace)]
        bare = [sys.executable, "-c", "pass"]
        ours, theirs, python = in_turns([asking, [sys.executable, "-c", "import mcp"], bare])
    # The agent is a process of its own, which is none of ours.
    yield Row("civgen mcp, first answer", ours - python, "python -c 'import mcp'", theirs, "ms")
    ours, theirs = in_turns([[sys.executable, "-c", "import civgen"], bare])
    yield Row("import civgen", ours, "bare Python", theirs, "ms")


def ask(workspace: str) -> None:
    """Start a server, ask it once, and leave when it has answered."""
    command = [sys.executable, "-m", "civgen", "mcp", "--workspace", workspace]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None and server.stdout is not None
        server.stdin.writelines(json.dumps({"jsonrpc": "2.0", **one}) + "\n" for one in _WORDS)
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2)]
        server.kill()
    if answers[-1]["result"].get("isError", True):
        sys.exit(f"refused: {answers[-1]}")


if __name__ == "__main__":
    ask(sys.argv[1])
