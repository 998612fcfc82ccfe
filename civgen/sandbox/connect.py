"""A client of an environment's orchestrator, be it the sandbox or a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from civgen.errors import InvalidInput, NotAuthorised
from civgen.orchestrator.addresses import is_confidential, is_loopback, without_query
from civgen.orchestrator.client import Orchestrator

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from pydantic import SecretStr

    from civgen.settings import Environment
    from civgen.workspace import Workspace

#: Name of the sandbox's file in a workspace's state folder.
STATE = "sandbox.sqlite"
#: Where blobs of the sandbox seem to lie when no server runs: a name that never resolves.
NOWHERE = "http://sandbox.invalid"


def connect(environment: Environment, workspace: Workspace, connections: int = 1) -> Orchestrator:
    """A client, for use in `async with`; the sandbox runs inside it.

    Args:
        connections: how many requests there will be at once.

    Raises:
        InvalidInput: the environment's URL is neither https nor on this machine, or it is the sandbox and
            there is no workspace to keep its state in.
        NotAuthorised: there is no token for an orchestrator on another machine.
    """
    if environment.is_sandbox:
        return Orchestrator(NOWHERE, transport=_sandbox(workspace.state / STATE, workspace.engines))
    url = environment.orchestrator
    if not is_confidential(url):
        message = f"The orchestrator {without_query(url)} is neither https nor on this machine."
        raise InvalidInput(
            message, hint=f"Change environments.{environment.name}.orchestrator in civgen.toml."
        )
    token, timeout = _token(environment), environment.timeout
    return Orchestrator(url, token, timeout=timeout, connections=connections)


def _token(environment: Environment) -> SecretStr | None:
    """The environment's token, without which only a server on this machine can be asked."""
    try:
        return environment.token
    except NotAuthorised:
        if is_loopback(urlsplit(environment.orchestrator).hostname or ""):
            return None
        raise


def _sandbox(state_file: Path, engines: Path | None) -> httpx.ASGITransport:
    import httpx

    from civgen.engines.registry import Engines
    from civgen.orchestrator.contract import load_contract
    from civgen.sandbox.app import create_app

    app = create_app(state_file, Engines(engines), load_contract())

    class InProcess(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            with (store := app.state.sandbox.store).usable():
                store.open()  # what is wrong with its file is no answer of an orchestrator
                return await super().handle_async_request(request)

        async def aclose(self) -> None:
            app.state.sandbox.store.close()

    return InProcess(app)
