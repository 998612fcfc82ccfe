"""The sandbox as a server, for this machine only."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from civgen.errors import InvalidInput, Problem, Unavailable
from civgen.orchestrator.addresses import is_loopback

if TYPE_CHECKING:
    from starlette.applications import Starlette

#: Seconds that requests get to end after Ctrl-C.
_GRACE = 1


def serve(app: Starlette, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until interrupted, or told to terminate.

    Args:
        port: 0 for any that is free.
        announce: is told the URL once it can be asked.

    Raises:
        InvalidInput: `host` is not this machine alone.
        Unavailable: the port is taken.
    """
    import uvicorn

    if not is_loopback(host):
        problem = Problem("host", "must be this machine", host, ["127.0.0.1", "::1", "localhost"])
        raise InvalidInput("The sandbox is for this machine only: it has no defences.", details=[problem])
    config = uvicorn.Config(
        app,
        host,
        port,
        http=_with_transport(),
        log_config=None,
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=_GRACE,
    )
    with _listening(host, port) as listener, _terminable():
        name = f"[{host}]" if ":" in host else host
        app.state.url = f"http://{name}:{listener.getsockname()[1]}"
        announce(app.state.url)
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            return


def _with_transport() -> type[asyncio.Protocol]:
    """Uvicorn's protocol, which also tells a request's `state` its connection: so faults can end that."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class WithTransport(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        app_state: dict[str, Any]

        def connection_made(self, transport: asyncio.Transport) -> None:
            self.app_state = {**self.app_state, "transport": transport}
            super().connection_made(transport)

    return WithTransport


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the run as Ctrl-C does: uvicorn raises it anew once it has closed everything."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only to a socket that is said to be TCP does asyncio give TCP_NODELAY; without, each answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        message = f"Port {port} of {host} cannot be served: {error.strerror}."
        raise Unavailable(message, hint="Pass another --port; 0 finds a free one.") from None
    return listener
