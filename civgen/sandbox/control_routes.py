"""Routes of the sandbox itself, which no orchestrator has. Loads starlette: import it where it is used."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civgen.sandbox.faults import Faults, planned_faults
from civgen.sandbox.http import answer, json_of, nothing, reading, sandbox_of
from civgen.sandbox.users import User

_LARGEST_BODY = 1024**2


async def _show(request: Request) -> Response:
    faults = _faults(request)
    planned = [one.model_dump() for one in faults.planned]
    return answer({"requests": faults.requests, "dealt": dict(faults.dealt), "planned": planned})


async def _plan(request: Request) -> Response:
    given = await json_of(request, _LARGEST_BODY)
    _faults(request).plan(planned_faults(given))
    return nothing()


async def _clear(request: Request) -> Response:
    _faults(request).planned.clear()
    return nothing()


async def _me(request: Request, user: User) -> Response:
    balances = sandbox_of(request).store.balances(user, sandbox_of(request).clock())
    about = {"user": user.user, "tier": user.tier, "scopes": sorted(user.scopes)}
    return answer({**about, "balances": balances})


def _faults(request: Request) -> Faults:
    faults: Faults = request.app.state.faults
    return faults


ROUTES = [
    Route("/sandbox/faults", _show, methods=["GET"]),
    Route("/sandbox/faults", _plan, methods=["POST"]),
    Route("/sandbox/faults", _clear, methods=["DELETE"]),
    Route("/sandbox/me", reading(_me), methods=["GET"]),
]
