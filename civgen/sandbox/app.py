"""The sandbox as an ASGI app. Loads starlette: import it where it is used."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from civgen.engines.base import Engine
from civgen.errors import CivgenError
from civgen.orchestrator.contract import Contract
from civgen.sandbox import blob_routes, control_routes, other_routes, step_routes, workflow_routes
from civgen.sandbox.behaviour import Behaviour
from civgen.sandbox.delivering import Deliveries
from civgen.sandbox.faults import Faults, Planned
from civgen.sandbox.faulty import Faulty
from civgen.sandbox.http import problem_of
from civgen.sandbox.sandbox import Sandbox
from civgen.sandbox.store import Store
from civgen.sandbox.users import User, Users

_ROUTES = [
    *workflow_routes.ROUTES,
    *step_routes.ROUTES,
    *blob_routes.ROUTES,
    *other_routes.ROUTES,
    *control_routes.ROUTES,
]


def create_app(
    state_file: Path | str,
    engines: Mapping[str, Engine],
    contract: Contract,
    token: str | None = None,
    speed: float = 1.0,
    clock: Callable[[], float] = time.time,
    *,
    users: Users | None = None,
    behaviour: Behaviour | None = None,
    faults: Iterable[Planned] = (),
) -> Starlette:
    """A local orchestrator; its `state.sandbox.store` is to be closed by those who run it without a lifespan.

    Within a lifespan, once `state.url` says where it is reached, it delivers callbacks.

    Args:
        state_file: where it keeps everything, made if need be; `:memory:` to forget.
        engines: those whose prices it knows.
        contract: what it takes.
        token: that every request must bear, all of one user; None takes any, and none.
        speed: how many times faster than about a second a workflow goes; may be infinite.
        clock: gives the time in seconds of the epoch.
        users: in place of `token`.
        behaviour: what is not as on a good day.
        faults: planned from the start.
    """
    users = users or Users({token: User()} if token is not None else None)
    behaviour = behaviour or Behaviour()
    sandbox = Sandbox(Store(state_file), engines, contract, users, speed, behaviour, clock)
    dealt = Faults(behaviour.fail, behaviour.seed, list(faults))

    app = Starlette(
        routes=_ROUTES,
        middleware=[Middleware(Faulty, behaviour=behaviour, faults=dealt)],
        exception_handlers=dict.fromkeys((CivgenError, HTTPException, Exception), problem_of),
        lifespan=_lifespan,
    )
    app.state.sandbox, app.state.faults = sandbox, dealt
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    sandbox: Sandbox = app.state.sandbox
    app.state.deliveries = Deliveries(sandbox, app.state.url)
    delivering = asyncio.create_task(app.state.deliveries.run())
    try:
        yield
    finally:
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        sandbox.store.close()
