"""Between the network and the app: latency and faults. Loads starlette: import it where it is used."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civgen.errors import InvalidInput
from civgen.sandbox.behaviour import Behaviour
from civgen.sandbox.faults import HEADER, Faults
from civgen.sandbox.http import failed
from civgen.sandbox.substitution import substituted

_API = "/v2/"
_PIECES = 10
#: Closing with this resets the connection, in place of ending it in good order.
_RESET = struct.pack("ii", 1, 0)
_PAGE = b"<!DOCTYPE html>\n<html><body><h1>Bad Gateway</h1></body></html>\n"


@dataclass(frozen=True)
class Call:
    """A request on its way to the app.

    Attributes:
        argument: of the fault that it meets.
    """

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send
    argument: float | None = None

    async def carry_out(self) -> None:
        """As if nothing were wrong."""
        await self.app(self.scope, self.receive, self.send)

    async def taken(self) -> None:
        """Wait for all of it: who still sends may not see how a connection ends."""
        while (await self.receive()).get("more_body"):
            pass

    async def kept(self) -> tuple[Message, bytes]:
        """Carry it out, and keep the answer: its start, and its body."""
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        await self.app(self.scope, self.receive, keep)
        return sent[0], b"".join(message.get("body", b"") for message in sent[1:])

    async def tell(self, body: bytes, *, more: bool = False) -> None:
        """A piece of the answer's body."""
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def refuse(self, error: Exception | int, **headers: str) -> None:
        """A problem document in place of an answer."""
        response = failed(self.scope["path"], error, headers)
        await response(self.scope, self.receive, self.send)

    async def end(self, *, reset: bool = False) -> None:
        """End the connection, and come back when the server has seen it: before, it would miss an answer.

        Raises:
            ConnectionResetError: there is no connection, for the app is asked within the process.
        """
        transport: asyncio.Transport | None = self.scope.get("state", {}).get("transport")
        if transport is None:
            raise ConnectionResetError("The sandbox ended the connection")
        if reset:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()
        else:
            transport.close()
        while (await self.receive())["type"] != "http.disconnect":
            pass


class Faulty:
    """An app that is reached over a bad network.

    Args:
        app: the sandbox.
        faults: which requests meet which.
    """

    def __init__(self, app: ASGIApp, behaviour: Behaviour, faults: Faults) -> None:
        self._app, self._latency, self._faults = app, behaviour.latency, faults
        self._random = Random(f"{behaviour.seed}|latency")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        if self._latency:
            await asyncio.sleep(self._latency * self._random.uniform(0.5, 1.5))
        try:
            fault = self._faults.next(scope["method"], scope["path"], _asked(scope))
        except InvalidInput as error:
            await Call(self._app, scope, receive, send).refuse(error)
            return
        if fault is None:
            await self._app(scope, receive, send)
            return
        how = _HOW.get(fault.name) or partial(_status, name=fault.name)
        await how(Call(self._app, scope, receive, send, fault.argument))


async def _status(call: Call, name: str) -> None:
    status, _, after = name.partition("-")
    if after:
        await call.kept()
    await call.refuse(int(status))


async def _too_many(call: Call) -> None:
    seconds = 1 if call.argument is None else int(call.argument)
    await call.refuse(429, **{"Retry-After": str(seconds)})


async def _web_page(call: Call) -> None:
    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(_PAGE)).encode())]
    status = int(call.argument or 502)
    await call.send({"type": "http.response.start", "status": status, "headers": headers})
    await call.tell(_PAGE)


async def _reset_before(call: Call) -> None:
    await call.taken()
    await call.end(reset=True)


async def _reset_after(call: Call) -> None:
    await call.kept()
    await call.end(reset=True)


async def _truncated(call: Call) -> None:
    start, body = await call.kept()
    half = body[: len(body) // 2]
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    headers.append((b"content-length", str(len(half)).encode()))
    await call.send({**start, "headers": headers})
    await call.tell(half)


async def _cut(call: Call) -> None:
    start, body = await call.kept()
    await call.send(start)
    await call.tell(body[: len(body) // 2], more=True)
    await call.end()


async def _slow(call: Call) -> None:
    start, body = await call.kept()
    await call.send(start)
    size = -(-len(body) // _PIECES) or 1
    for begin in range(0, len(body), size):
        await asyncio.sleep(_seconds(call) / _PIECES)
        await call.tell(body[begin : begin + size], more=True)
    await call.tell(b"")


async def _stall(call: Call) -> None:
    await asyncio.sleep(_seconds(call))
    await call.end()


async def _lost(call: Call) -> None:
    await call.kept()
    await asyncio.sleep(_seconds(call))
    await call.end()


async def _substitute(call: Call, *, silent: bool = False) -> None:
    call.scope.setdefault("state", {})["substitutes"] = partial(
        substituted, chosen=lambda _: True, silent=silent
    )
    await call.carry_out()


_HOW: dict[str, Callable[[Call], Awaitable[None]]] = {
    "429": _too_many,
    "html": _web_page,
    "reset-before": _reset_before,
    "reset-after": _reset_after,
    "truncated": _truncated,
    "cut": _cut,
    "slow": _slow,
    "stall": _stall,
    "lost": _lost,
    "substitute": _substitute,
    "substitute-silently": partial(_substitute, silent=True),
}


def _asked(scope: Scope) -> str | None:
    wanted = HEADER.encode()
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), None)


def _seconds(call: Call) -> float:
    return 2.0 if call.argument is None else call.argument
