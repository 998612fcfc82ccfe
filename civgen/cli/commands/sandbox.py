"""`civgen sandbox`: the local orchestrator."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The local orchestrator."""


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port; 0 for any that is free.", min=0, max=65535)] = 8788,
    host: Annotated[str, typer.Option(help="Address of this machine.")] = "127.0.0.1",
    token_env: Annotated[
        str | None,
        typer.Option(help="Environment variable with the token that is then required.", metavar="NAME"),
    ] = None,
) -> None:
    """Serve the sandbox to other programs on this machine, until Ctrl-C."""
    from civgen.cli.output import emit, note
    from civgen.cli.state import state
    from civgen.engines.registry import Engines
    from civgen.errors import display_path
    from civgen.orchestrator.contract import load_contract
    from civgen.sandbox.app import create_app
    from civgen.sandbox.connect import STATE
    from civgen.sandbox.serve import serve as run
    from civgen.sandbox.store import IN_MEMORY

    workspace = state().workspace
    file = workspace.state / STATE if workspace.root else None
    kept = (
        f"keeps its state in {display_path(file)}"
        if file
        else "forgets all when it stops (no workspace here)"
    )

    def announce(url: str) -> None:
        note(f"The sandbox listens at {url} and {kept}; Ctrl-C stops it.")
        emit({"url": url}, lambda: None)

    token = _token(token_env)
    run(
        create_app(file or IN_MEMORY, Engines(workspace.engines), load_contract(), token),
        host,
        port,
        announce,
    )


def _token(variable: str | None) -> str | None:
    import os

    from civgen.errors import InvalidInput, Problem

    if variable is None:
        return None
    if token := os.environ.get(variable):
        return token
    problem = Problem("token_env", "names no environment variable that is set", variable)
    raise InvalidInput(f"The environment variable {variable} is not set.", details=[problem])
