"""Many connections at once, by aiohttp: httpx's own pool falls behind long before the orchestrator does.

Imports aiohttp, so import this module inside the function that needs it.
"""

from __future__ import annotations

from functools import lru_cache

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import map_aiohttp_exceptions
from multidict import CIMultiDict

#: What aiohttp raises while there is no connection yet, so that nothing can have gone over it.
_UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Pool(AiohttpTransport):
    """A transport with as many connections as are used at once, for answers that are read whole.

    Args:
        connections: how many.
    """

    def __init__(self, connections: int, proxy: httpx.Proxy | None) -> None:
        limits = httpx.Limits(max_connections=connections, keepalive_expiry=15.0)
        super().__init__(limits=limits, proxy=proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; what httpx-aiohttp has no name for is a broken answer.

        The body is read at once: a stream of pieces through both libraries takes as long as all else.
        """
        if not isinstance(self.client, aiohttp.ClientSession):
            self.client = self.get_client()
        try:
            with map_aiohttp_exceptions():
                return await self._sent(self.client, request)
        except aiohttp.ClientError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error

    async def _sent(self, client: aiohttp.ClientSession, request: httpx.Request) -> httpx.Response:
        raw, limits = request.headers.raw, request.extensions.get("timeout", {})
        asked = client.request(
            request.method,
            str(request.url),
            headers=CIMultiDict((name.decode("ascii"), value.decode("latin-1")) for name, value in raw),
            data=request.content or None,
            allow_redirects=False,
            auto_decompress=False,
            timeout=_timeout(*(limits.get(name) for name in ("connect", "read", "pool"))),
            proxy=str(self.proxy.url) if self.proxy else None,
            proxy_auth=aiohttp.BasicAuth(*self.proxy.auth) if self.proxy and self.proxy.auth else None,
        )
        async with asked as answer:
            body = await answer.read()
        extra = {"reason_phrase": (answer.reason or "").encode()}
        headers = list(answer.raw_headers)
        return httpx.Response(answer.status, headers=headers, content=body, request=request, extensions=extra)


def is_unsent(cause: BaseException) -> bool:
    """Whether aiohttp failed before anything went out.

    httpx-aiohttp calls every lost connection a ConnectTimeout, be it before or after the request was
    sent, so its own error does not tell.
    """
    return isinstance(cause, _UNCONNECTED)


@lru_cache(maxsize=16)
def _timeout(connect: float | None, read: float | None, pool: float | None) -> aiohttp.ClientTimeout:
    """As httpx says it."""
    return aiohttp.ClientTimeout(connect=pool, sock_connect=connect, sock_read=read)
