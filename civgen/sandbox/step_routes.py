"""Routes of one step of a workflow. Loads starlette: import it where it is used."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civgen.sandbox.documents import step_json
from civgen.sandbox.http import answer, json_of, links_of, nothing, reading, sandbox_of, writing
from civgen.sandbox.patching import change_of
from civgen.sandbox.questions import StepUpdate, understood
from civgen.sandbox.record import Record
from civgen.sandbox.sandbox import step_number
from civgen.sandbox.users import User
from civgen.sandbox.workflow_routes import LARGEST_BODY, PATH, patch_of


async def _get(request: Request, user: User) -> Response:
    record, number = _found(request, user)
    links = links_of(request)
    return answer(step_json(record, number, record.moments(links.now)[number], links, hide_mature=False))


async def _update(request: Request, user: User) -> Response:
    asked = understood(StepUpdate, await json_of(request, LARGEST_BODY))
    record, _ = _found(request, user)
    sandbox_of(request).update_step(record.id, user, request.path_params["name"], asked)
    return nothing()


async def _patch(request: Request, user: User) -> Response:
    operations = await patch_of(request)
    record, number = _found(request, user)
    before = {"metadata": record.template["steps"][number].get("metadata", {})}
    if operations:
        asked = change_of(StepUpdate, before, operations, whole=True)
        sandbox_of(request).update_step(record.id, user, request.path_params["name"], asked)
    return nothing()


def _found(request: Request, user: User) -> tuple[Record, int]:
    record = sandbox_of(request).store.get(request.path_params["id"], user.user)
    return record, step_number(record, request.path_params["name"])


_STEP = PATH + "/{id}/steps/{name}"
ROUTES = [
    Route(_STEP, reading(_get), methods=["GET"]),
    Route(_STEP, writing(_update), methods=["PUT"]),
    Route(_STEP, writing(_patch), methods=["PATCH"]),
]
