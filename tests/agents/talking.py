"""An agent: a real client of the protocol, and a server in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

SERVE = [sys.executable, "-m", "civgen", "mcp"]


class Agent:
    """What an agent has: tools to call, nothing else."""

    def __init__(self, client: Client) -> None:
        self.client = client
        #: What it was told while calls were under way.
        self.told: list[str] = []

    async def ask(self, tool: str, **arguments: Any) -> Any:
        """The answer of a tool that must not refuse; its client holds it against the tool's schema."""
        result = await self._call(tool, arguments)
        assert not result.is_error, result.content[0].text
        return result.structured_content

    async def refused(self, tool: str, **arguments: Any) -> Any:
        """The error of a tool that must refuse."""
        result = await self._call(tool, arguments)
        assert result.is_error, result.content[0].text
        return result.structured_content["error"]

    async def whole(self, tool: str, **arguments: Any) -> Any:
        """All that a call gives back."""
        return await self._call(tool, arguments)

    async def _call(self, tool: str, arguments: dict[str, Any]) -> Any:
        async def hear(_: float, __: float | None, words: str | None) -> None:
            self.told.append(words or "")

        return await self.client.call_tool(tool, arguments, progress_callback=hear)


@asynccontextmanager
async def over_stdio(mode: str = "auto"):
    """An agent that started its server itself, in the current folder."""
    server = StdioServerParameters(command=SERVE[0], args=SERVE[1:], env=dict(os.environ))
    async with Client(stdio_client(server), mode=mode) as client:
        yield Agent(client)


@contextmanager
def served(**environment: str):
    """A server over HTTP; gives its address and its token."""
    words = [*SERVE, "--http", "--port", "0", "--json"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    server = subprocess.Popen(words, env=os.environ | environment, **pipes)
    try:
        url = server.stderr.readline().split()[4].rstrip(";")
        token = environment.get("CIVGEN_MCP_TOKEN") or Path(".civgen/mcp-token").read_text()
        yield url, token
    finally:
        server.terminate()
        server.communicate()


@asynccontextmanager
async def over_http(mode: str = "auto"):
    """An agent that was told where the server is."""
    with served() as (url, token):
        http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60)
        async with http, Client(streamable_http_client(url, http_client=http), mode=mode) as client:
            yield Agent(client)


def run(work: Any) -> Any:
    """Do asynchronous work in a test."""
    return asyncio.run(work)


def compact(document: Any) -> str:
    """JSON in as few characters as it takes."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
