"""The server over HTTP, for this machine only and for those who know its token."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.errors import InvalidInput, NotAuthorised, Problem, Refused, Unavailable, display_path
from civgen.orchestrator.addresses import is_loopback

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

#: Where the protocol is spoken.
PATH = "/mcp"
#: Which environment variable says the token.
VARIABLE = "CIVGEN_MCP_TOKEN"


def serve_http(
    server: Server[Any], host: str, port: int, token: str, announce: Callable[[str], None]
) -> None:
    """Serve until interrupted.

    Args:
        port: 0 for any that is free.
        announce: is told the URL once it can be asked.

    Raises:
        InvalidInput: `host` is not this machine alone.
        Unavailable: the port is taken.
    """
    from civgen.sandbox.serve import serve

    if not is_loopback(host):
        problem = Problem("host", "must be this machine", host, ["127.0.0.1", "::1", "localhost"])
        raise InvalidInput("Agents are served on this machine only.", details=[problem])
    # The SDK itself refuses foreign Host and Origin headers for these hosts.
    app = server.streamable_http_app(streamable_http_path=PATH, host="127.0.0.1")
    app.add_middleware(Guarded, token=token)
    serve(app, host, port, lambda url: announce(url + PATH))


class Guarded:
    """Lets nobody in who does not know the token (ASGI middleware)."""

    def __init__(self, app: Any, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand a request on, or refuse it."""
        if scope["type"] == "http" and not self._knows(scope["headers"]):
            from starlette.responses import JSONResponse

            said = NotAuthorised("The token is missing or wrong.", hint="Send Authorization: Bearer TOKEN.")
            answer = JSONResponse(said.as_json(), 401, headers={"WWW-Authenticate": "Bearer"})
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _knows(self, headers: Any) -> bool:
        said = [value for name, value in headers if name == b"authorization"]
        return len(said) == 1 and hmac.compare_digest(said[0], self._expected)


def token_of(file: Path | None) -> tuple[str, str]:
    """The token, and where it is said: an environment variable, else a private file, made when there is none.

    Args:
        file: None where there is no workspace to keep one in.

    Raises:
        InvalidInput: there is neither a variable nor a workspace.
        Unavailable: the file cannot be made or read.
        Refused: others may read the file.
    """
    if said := os.environ.get(VARIABLE):
        return said, f"${VARIABLE}"
    if file is None:
        raise InvalidInput(
            "Over HTTP a token is needed, and there is no workspace to keep one in.",
            hint=f"Set {VARIABLE}, or make a workspace with `civgen init .`.",
        )
    try:
        if not file.exists():
            _make(file)
        readers = file.stat().st_mode & 0o077 if os.name == "posix" else 0
        token = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Unavailable(f"{display_path(file)} cannot be used: {error.strerror}.") from None
    if readers or not token:
        why = "may be read by others" if readers else "is empty"
        raise Refused(f"{display_path(file)} {why}.", hint="Delete it; a new one is made, with a new token.")
    return token, display_path(file)


def _make(file: Path) -> None:
    """Write a new token; of two processes the first does, and nobody ever reads half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)
