"""How one orchestrator is reached: who gets the token, what is tried again, what counts as an answer."""

from __future__ import annotations

import errno
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property, lru_cache
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from civgen.errors import CivgenError, InvalidInput, Unavailable
from civgen.orchestrator.addresses import is_confidential, origin, without_query
from civgen.orchestrator.receiving import NOTHING_THERE, asking_for, received
from civgen.orchestrator.refusals import error_of

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

_CONNECT_SECONDS = 5.0
_LONGEST_PAUSE = 30.0
#: Seconds between attempts where nobody listens: a server may be starting, or a port mistyped.
_REFUSED_PAUSE = 0.5
#: The hint of what was to be submitted; by it is told that nothing can have been accepted.
NOTHING_SENT = "Nothing was sent."
_UNREACHED = "Is it running, and is its URL right?"
_REDIRECTS = 5
_SILENT = logging.NullHandler()

T = TypeVar("T")


class NobodyListens(Unavailable):
    """The connection was refused outright."""


class Connection:
    """Sends requests to an orchestrator, and reads files from wherever its blobs lie."""

    def __init__(
        self,
        url: str,
        token: SecretStr | None,
        transport: httpx.AsyncBaseTransport | None,
        timeout: float,
        attempts: int,
        connections: int = 1,
    ) -> None:
        import httpx

        from civgen import __version__

        self._url, self._token = url, token
        self._timeout, self._attempts = timeout, attempts
        self._transport = transport
        self._wire = transport or _wire(url, connections)
        self._agent = {"User-Agent": f"civgen/{__version__}"}
        own = {**self._agent, "Accept-Encoding": "gzip, deflate", **self._authorisation(url)}
        self._own = httpx.Headers(own)  # read once: to do so for each request takes as long as to send it

    async def close(self) -> None:
        """Close every socket."""
        await self._wire.aclose()
        if "_http" in self.__dict__:
            await self._http.aclose()

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        """What fetches from anywhere, with redirects by hand and whatever proxies there are."""
        import httpx

        return httpx.AsyncClient(transport=self._transport, headers=self._agent, follow_redirects=False)

    async def repeated(self, call: Callable[..., Awaitable[T]], *args: Any, **extra: Any) -> T:
        """Call, and call again while the service is unavailable; only for what does no harm twice."""
        from stamina import AsyncRetryingCaller

        # stamina reports each pause to this logger, and without a handler that would be printed.
        logging.getLogger("stamina").addHandler(_SILENT)
        caller = AsyncRetryingCaller(
            attempts=self._attempts, timeout=None, wait_initial=0.5, wait_max=_LONGEST_PAUSE
        )
        return await caller(_pause_before_another, call, *args, **extra)

    async def send(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        headers: Mapping[str, str] | None = None,
        wait: int = 0,
        **extra: Any,
    ) -> httpx.Response:
        """Send one request below the orchestrator's URL.

        Args:
            doing: what this is, to begin messages with.
            wait: seconds that the orchestrator may take on top of the usual ones.
        """
        import httpx

        request = httpx.Request(
            method,
            _parsed(self._url + path),
            headers={**self._own, **headers} if headers else self._own,
            extensions={"timeout": _limits(self._timeout, wait)},
            **extra,
        )
        try:
            response = await self._answer(request)
        except httpx.HTTPError as error:
            raise _no_answer(error, doing, _UNREACHED if method == "GET" else NOTHING_SENT) from None
        if not response.is_success:
            raise error_of(response, doing, self._secret)
        return response

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        """The answer, read whole; by the transport alone, for a client around it costs as much again."""
        response = await self._wire.handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    async def fetch(self, url: str, file: IO[bytes], limit: int, start: int = 0) -> int:
        """Write what lies at `url` into `file`, following redirects; returns its size in bytes.

        Args:
            start: how many bytes of it `file` has already.
        """
        import httpx

        doing = f"Downloading {without_query(url)}"
        try:
            return await self._fetch(url, file, limit, start, doing)
        except httpx.HTTPError as error:
            raise _no_answer(error, doing, _UNREACHED) from None

    async def _fetch(self, url: str, file: IO[bytes], limit: int, start: int | None, doing: str) -> int:
        for _ in range(_REDIRECTS + 1):
            if not (is_confidential(url) or self._is_own(url)):
                raise InvalidInput(f"{doing}: only https is taken from another host.")
            headers = {**self._authorisation(url), **asking_for(start)}
            ask = self._http.stream("GET", url, headers=headers, timeout=self._patience(0))
            async with ask as response:
                if response.has_redirect_location:
                    url = str(response.url.join(response.headers["location"]))
                elif response.is_success:
                    return await received(response, file, limit, doing)
                elif start is not None and response.status_code == NOTHING_THERE:
                    return await self._fetch(url, file, limit, None, doing)
                else:
                    await response.aread()
                    raise error_of(response, doing, self._secret)
        raise Unavailable(f"{doing}: redirected more than {_REDIRECTS} times.")

    @property
    def _secret(self) -> str | None:
        return self._token.get_secret_value() if self._token else None

    def _authorisation(self, url: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._secret}"} if self._secret and self._is_own(url) else {}

    def _is_own(self, url: str) -> bool:
        return origin(url) == origin(self._url)

    def _patience(self, wait: int) -> httpx.Timeout:
        import httpx

        return httpx.Timeout(**_limits(self._timeout, wait))


def _limits(timeout: float, wait: int) -> dict[str, float]:
    """Seconds for each part of a request, which may take `wait` on top of the usual ones."""
    rest = dict.fromkeys(("read", "write", "pool"), timeout + wait)
    return {"connect": min(_CONNECT_SECONDS, timeout), **rest}


def _pause_before_another(error: Exception) -> bool | float:
    """Whether to try again, and after how many seconds where the answer said so."""
    if not isinstance(error, Unavailable):
        return False
    if isinstance(error, NobodyListens):
        return _REFUSED_PAUSE
    asked: float | None = (error.data or {}).get("retryAfter")
    return min(asked, _LONGEST_PAUSE) if asked else True


def _no_answer(error: httpx.HTTPError, doing: str, unsent: str) -> CivgenError:
    """An error for what was not answered.

    Args:
        unsent: what is to be said where not even a connection was made.
    """
    import httpx

    what = "no answer in time" if isinstance(error, httpx.TimeoutException) else "no answer"
    cause = _by_aiohttp(error) or error
    lost = f"{doing}: {what} ({type(cause).__name__})."
    if not _is_unsent(error):
        return Unavailable(lost)
    if _is_refused(cause):
        return NobodyListens(f"{doing}: no answer (the connection was refused).", hint=unsent)
    return Unavailable(lost, hint=unsent)


def _is_refused(error: BaseException | None) -> bool:
    """Whether a connection was refused, which libraries wrap in errors of their own."""
    while error is not None and getattr(error, "errno", None) != errno.ECONNREFUSED:
        error = error.__cause__ or error.__context__
    return error is not None


def _is_unsent(error: httpx.HTTPError) -> bool:
    import httpx

    if cause := _by_aiohttp(error):
        from civgen.orchestrator.pool import is_unsent

        return is_unsent(cause)
    unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
    return isinstance(error, unsent)


def _by_aiohttp(error: BaseException) -> BaseException | None:
    """What aiohttp raised, if it was at work: told by its module, to load nothing for the answer."""
    cause = error.__cause__
    return cause if type(cause).__module__.partition(".")[0] == "aiohttp" else None


def _wire(url: str, connections: int) -> httpx.AsyncBaseTransport:
    """A transport to one server: for one connection httpx's own, which is loaded in half the time."""
    import httpx

    proxy = _proxy(url)
    if connections == 1:
        return httpx.AsyncHTTPTransport(proxy=proxy)
    from civgen.orchestrator.pool import Pool

    return Pool(connections, proxy)


def _proxy(url: str) -> httpx.Proxy | None:
    """The proxy that the environment names for a URL."""
    from urllib.request import getproxies, proxy_bypass

    import httpx

    parts = urlsplit(url)
    found = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    return httpx.Proxy(found) if found else None


@lru_cache(maxsize=16)
def _parsed(url: str) -> httpx.URL:
    """A URL that is asked again and again, read once."""
    import httpx

    return httpx.URL(url)
