"""What the routes share. Loads starlette: import it where it is used."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from hmac import compare_digest
from http import HTTPStatus
from typing import Any

from pydantic_core import from_json, to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from civgen.errors import CivgenError, InvalidInput, NotAuthorised, NotFound, Problem
from civgen.sandbox.links import Links
from civgen.sandbox.sandbox import Sandbox

Handler = Callable[[Request], Awaitable[Response]]

_STATUSES = {InvalidInput: 400, NotAuthorised: 401, NotFound: 404}


class TooLarge(HTTPException):
    """A body that is larger than is taken."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"At most {limit:,} bytes are taken")


def sandbox_of(request: Request) -> Sandbox:
    """The sandbox that is asked."""
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox


def links_of(request: Request) -> Links:
    """Addresses of blobs at the URL under which the sandbox was reached."""
    return sandbox_of(request).links(str(request.base_url))


def require_token(request: Request) -> None:
    """Check who asks, if the sandbox was started with a token.

    Raises:
        NotAuthorised: the token is missing or wrong.
    """
    expected = sandbox_of(request).token
    given = request.headers.get("authorization", "")
    if expected is not None and not compare_digest(given.encode(), f"Bearer {expected}".encode()):
        raise NotAuthorised("A valid bearer token is required")


def private(handler: Handler) -> Handler:
    """A handler for those with the token."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        require_token(request)
        return await handler(request)

    return guarded


async def body_of(request: Request, limit: int) -> bytes:
    """The body, as long as it is not too large."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit:
            raise TooLarge(limit)
    return bytes(data)


async def json_of(request: Request, limit: int) -> Any:
    """The body, which must be JSON.

    Raises:
        InvalidInput: it is not.
    """
    try:
        document = from_json(await body_of(request, limit))
        json.dumps(document, allow_nan=False)  # which also finds 1e999, read as infinite
    except ValueError as error:
        raise InvalidInput("The body is not JSON", details=[Problem("$", str(error))]) from None
    return document


def answer(document: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """A JSON document."""
    return Response(to_json(document), status, media_type=media_type)


def nothing() -> Response:
    """Done, and no more to say."""
    return Response(status_code=204)


async def problem_of(request: Request, error: Exception) -> Response:
    """An RFC 7807 document for what went wrong."""
    if isinstance(error, HTTPException):
        status, detail, errors = error.status_code, error.detail, {}
    elif isinstance(error, CivgenError):
        status = next((number for kind, number in _STATUSES.items() if isinstance(error, kind)), 500)
        detail, errors = error.message, _errors(error)
    else:
        status, detail, errors = 500, f"{type(error).__name__}: {error}", {}
    about = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    document = {**about, "instance": request.url.path, **({"errors": errors} if errors else {})}
    response = answer(document, status, "application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _errors(error: CivgenError) -> dict[str, list[str]]:
    """Field -> messages."""
    errors: dict[str, list[str]] = {}
    for problem in error.details:
        hint = f" ({problem.hint})" if problem.hint else ""
        errors.setdefault(problem.field, []).append(problem.message + hint)
    return errors
