"""Many connections at once, by aiohttp: httpx's own pool falls behind long before the orchestrator does.

Imports aiohttp, so import this module inside the function that needs it.
"""

from __future__ import annotations

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

#: What aiohttp raises while there is no connection yet, so that nothing can have gone over it.
_UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Pool(AiohttpTransport):
    """A transport with as many connections as are used at once.

    Args:
        connections: how many.
    """

    def __init__(self, connections: int, proxy: httpx.Proxy | None) -> None:
        limits = httpx.Limits(max_connections=connections, keepalive_expiry=15.0)
        super().__init__(limits=limits, proxy=proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; what httpx-aiohttp has no name for is a broken answer."""
        try:
            return await super().handle_async_request(request)
        except aiohttp.ClientError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error


def is_unsent(cause: BaseException) -> bool:
    """Whether aiohttp failed before anything went out.

    httpx-aiohttp calls every lost connection a ConnectTimeout, be it before or after the request was
    sent, so its own error does not tell.
    """
    return isinstance(cause, _UNCONNECTED)
