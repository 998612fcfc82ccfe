"""Routes beside workflows and blobs. Loads starlette: import it where it is used."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civgen.air import parse_air
from civgen.errors import NotFound
from civgen.sandbox.http import answer, reading
from civgen.sandbox.users import User

#: What the sandbox says of every resource, for it has none: it is there, and anybody may use it.
_RESOURCE: dict[str, Any] = {
    "size": 0, "hashes": {}, "downloadUrls": [], "checkPermission": False, "canGenerate": True,
    "requiresAuthorization": False, "fileFormat": "safeTensor", "hasMatureContentRestriction": False,
    "hasNSFWContentRestriction": False,
}  # fmt: skip


_NO_RECIPES = "The sandbox has no recipes; submit a workflow of one step to /v2/consumer/workflows"


async def _resource(request: Request) -> Response:
    """Public, as in the API; a version 0 is one that is not there."""
    air = parse_air(request.path_params["air"])
    if air.version == "0":
        raise NotFound(f"There is no resource {request.path_params['air']}")
    return answer({"air": str(air), **_RESOURCE})


async def _recipe(_: Request, __: User) -> Response:
    raise HTTPException(501, _NO_RECIPES)


ROUTES = [
    Route("/v2/resources/{air:path}", _resource, methods=["GET"]),
    Route("/v2/consumer/recipes/{type}", reading(_recipe), methods=["POST"]),
]
