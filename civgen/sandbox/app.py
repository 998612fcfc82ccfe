"""The sandbox as an ASGI app. Loads starlette: import it where it is used."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from civgen.engines.base import Engine
from civgen.errors import CivgenError
from civgen.orchestrator.contract import Contract
from civgen.sandbox import blob_routes, workflow_routes
from civgen.sandbox.http import problem_of
from civgen.sandbox.sandbox import Sandbox
from civgen.sandbox.store import Store


def create_app(
    state_file: Path | str,
    engines: Mapping[str, Engine],
    contract: Contract,
    token: str | None = None,
    speed: float = 1.0,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """A local orchestrator; its `state.sandbox.store` is to be closed by those who run it without a lifespan.

    Args:
        state_file: where it keeps everything, made if need be; `:memory:` to forget.
        engines: those whose prices it knows.
        contract: what it takes.
        token: that every request must bear; None takes any, and none.
        speed: how many times faster than about a second a workflow goes; may be infinite.
        clock: gives the time in seconds of the epoch.
    """
    sandbox = Sandbox(Store(state_file), engines, contract, token, speed, clock)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        sandbox.store.close()

    app = Starlette(
        routes=[*workflow_routes.ROUTES, *blob_routes.ROUTES],
        exception_handlers=dict.fromkeys((CivgenError, HTTPException, Exception), problem_of),
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    return app
