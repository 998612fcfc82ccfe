"""`civgen mcp`: the same operations as tools for agents."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from civgen.cli.answers import answers
from civgen.cli.output import emit, note
from civgen.cli.state import state
from civgen.errors import InvalidInput
from civgen.results.mcp import Served

app = typer.Typer()

#: What to install, where the protocol's library is not there.
_EXTRA = "civgen[mcp]"


@app.command()
@answers(Served)
def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve streamable HTTP on this machine, in place of stdio.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address of this machine, for --http.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port for --http; 0 for any that is free.", min=0, max=65535)
    ] = 8789,
) -> None:
    """Serve the tools of civgen to agents over the Model Context Protocol (MCP).

    Over stdio an agent starts this itself, and it ends when the agent hangs up.

    Over HTTP an agent sends `Authorization: Bearer TOKEN`. The token is that of
    CIVGEN_MCP_TOKEN, else of .civgen/mcp-token, which is made on first use.
    """
    server = _server()
    if http:
        _serve_http(server, host, port)
    elif sys.stdin.isatty():
        raise InvalidInput(
            "Over stdio an agent talks to civgen, and here a person would have to.",
            hint="Have the agent run `civgen mcp`, or pass --http.",
        )
    else:
        _serve_stdio(server)


def _server() -> Any:
    try:
        import mcp  # noqa: F401
    except ModuleNotFoundError:
        raise InvalidInput(
            "Agents are served by a library that is not installed.",
            hint=f"Install it with `pip install '{_EXTRA}'`.",
        ) from None
    from civgen.api import Workspace
    from civgen.mcp.server import server_of

    return server_of(Workspace.open(state().workspace.root, state().env, confined=True))


def _serve_stdio(server: Any) -> None:
    import asyncio

    from mcp.server.stdio import stdio_server

    async def main() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    asyncio.run(main())


def _serve_http(server: Any, host: str, port: int) -> None:
    from civgen.mcp.http import serve_http, token_of

    workspace = state().workspace
    token, where = token_of(workspace.state / "mcp-token" if workspace.root else None)

    def announce(url: str) -> None:
        note(f"Agents are served at {url}; the token stands in {where}. Ctrl-C stops it.")
        emit({"url": url, "token_in": where}, lambda: None)

    serve_http(server, host, port, token, announce)
