"""What the routes share. Loads starlette: import it where it is used."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from pydantic_core import from_json, to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from civgen.errors import CivgenError, InvalidInput, NotAuthorised, NotFound, Problem
from civgen.sandbox.links import Links
from civgen.sandbox.refusals import Blocked, Forbidden, TooFast
from civgen.sandbox.sandbox import Sandbox
from civgen.sandbox.users import READ, WRITE, Scope, User

Route = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, User], Awaitable[Response]]

_STATUSES = {InvalidInput: 400, Forbidden: 403, NotAuthorised: 401, NotFound: 404, Blocked: 422, TooFast: 429}


_HEADERS: dict[type[CivgenError], Callable[[Any], Mapping[str, str]]] = {
    NotAuthorised: lambda _: {"WWW-Authenticate": "Bearer"},
    TooFast: lambda error: {"Retry-After": str(error.seconds)},
}


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


def woken(request: Request) -> None:
    """Have callbacks looked at: a workflow is new, or was changed."""
    if deliveries := getattr(request.app.state, "deliveries", None):
        deliveries.wake()


def user_of(request: Request, scope: Scope) -> User:
    """Who asks, if their token gives the right.

    Raises:
        NotAuthorised: the token is missing or nobody's.
        Forbidden: it does not give the right.
    """
    user = sandbox_of(request).users.asking(request.headers.get("authorization", ""))
    user.require(scope)
    return user


def reading(handler: Handler) -> Route:
    """A handler for those who may read."""
    return _for(handler, READ)


def writing(handler: Handler) -> Route:
    """A handler for those who may submit and change."""
    return _for(handler, WRITE)


def _for(handler: Handler, scope: Scope) -> Route:
    @wraps(handler)
    async def guarded(request: Request) -> Response:
        return await handler(request, user_of(request, scope))

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
    """The answer to what went wrong."""
    return failed(request.url.path, error)


def failed(path: str, error: Exception | int, headers: Mapping[str, str] | None = None) -> Response:
    """An RFC 7807 document for an error, or for a status; the 403 of the API is text alone.

    Args:
        path: that was asked.
        headers: in addition to what the error itself brings.
    """
    status, detail, more = _told(error)
    if isinstance(error, Forbidden):
        return answer(detail, status)
    errors = _errors(error) if isinstance(error, CivgenError) else {}
    about = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    document = {**about, "instance": path, **({"errors": errors} if errors else {})}
    response = answer(document, status, "application/problem+json")
    response.headers.update({**more, **(headers or {})})
    return response


def _told(error: Exception | int) -> tuple[int, str, Mapping[str, str]]:
    """Status, detail and headers."""
    if isinstance(error, int):
        return error, HTTPStatus(error).description or HTTPStatus(error).phrase, {}
    if isinstance(error, HTTPException):
        return error.status_code, error.detail, error.headers or {}
    if isinstance(error, CivgenError):
        status = next((number for kind, number in _STATUSES.items() if isinstance(error, kind)), 500)
        return status, error.message, _HEADERS.get(type(error), lambda _: {})(error)
    return 500, f"{type(error).__name__}: {error}", {}


def _errors(error: CivgenError) -> dict[str, list[str]]:
    """Field -> messages."""
    errors: dict[str, list[str]] = {}
    for problem in error.details:
        hint = f" ({problem.hint})" if problem.hint else ""
        errors.setdefault(problem.field, []).append(problem.message + hint)
    return errors
