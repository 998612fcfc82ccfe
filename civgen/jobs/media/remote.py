"""The size of a medium behind a URL, from its first bytes.

A request may come from anyone: a line of a batch must not make this machine ask the ones beside it. So
addresses are resolved first, only public ones are asked, and exactly those that were looked at.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from civgen.errors import InvalidInput, Unavailable
from civgen.jobs.media.kinds import ENOUGH, described, kind_of, measures_of
from civgen.orchestrator.addresses import without_query

if TYPE_CHECKING:
    import httpx

#: Bytes of a medium that are read at most: headers with a profile and a thumbnail fit well.
MOST = 1024**2
#: Seconds for one URL, redirects included, and for one sign of life.
SECONDS, PATIENCE = 10.0, 5.0
_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}


def read_measures(url: str, medium: str, *, private: bool = False) -> dict[str, float]:
    """Width and height in pixels of what lies at `url`; of a video also `fps` and `duration` in seconds.

    Args:
        medium: `image` or `video`.
        private: whether addresses of this machine and its network may be asked.

    Raises:
        InvalidInput: it lies where nothing may be read, is something else, or its first bytes do not tell.
        Unavailable: there is no answer in time.
    """
    import httpx

    until = time.monotonic() + SECONDS
    try:
        with httpx.Client(timeout=PATIENCE, follow_redirects=False) as client:
            return _read(client, httpx.URL(url), medium, until, private=private)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{_shown(url)} gave no answer ({type(error).__name__})") from None


def _read(
    client: httpx.Client, url: httpx.URL, medium: str, until: float, *, private: bool
) -> dict[str, float]:
    for _ in range(_REDIRECTS + 1):
        address = _address(url, private=private)
        # The name goes into Host and TLS, the connection to the address that was checked: a name could
        # resolve to another one the second time.
        asked = client.stream(
            "GET",
            url.copy_with(host=address, username=None, password=None),
            headers={"Host": url.netloc.decode("ascii"), "Range": f"bytes=0-{MOST - 1}"},
            extensions={"sni_hostname": url.host},
        )
        with asked as answer:
            if answer.has_redirect_location:
                url = url.join(answer.headers["location"])
                continue
            if not answer.is_success:
                raise InvalidInput(
                    f"{_shown(url)} answers {answer.status_code} {answer.reason_phrase}".strip()
                )
            return _measured(answer.iter_bytes(), str(url), medium, until)
    raise InvalidInput(f"{_shown(url)} redirects more than {_REDIRECTS} times")


def _address(url: httpx.URL, *, private: bool) -> str:
    """An address of the host of `url` that may be asked."""
    if url.scheme not in _PORTS or not url.host:
        raise InvalidInput(f"{_shown(url)} is neither http nor https")
    try:
        found = socket.getaddrinfo(url.host, url.port or _PORTS[url.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable(f"{url.host} is not found") from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not private and not all(map(is_public, addresses)):
        raise InvalidInput(
            f"{url.host} is an address of this machine or its network, which is read in the sandbox only"
        )
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet.

    >>> [is_public(one) for one in ("1.1.1.1", "127.0.0.1", "10.0.0.8", "169.254.169.254", "::ffff:10.0.0.8")]
    [True, False, False, False, False]
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _measured(chunks: Iterator[bytes], url: str, medium: str, until: float) -> dict[str, float]:
    """The measures that the beginning of an answer tells; no more of it is read than is needed."""
    data, next_look = bytearray(), ENOUGH
    for chunk in chunks:
        data += chunk
        if time.monotonic() > until:
            raise Unavailable(f"{_shown(url)} did not tell within {SECONDS:g} s")
        if len(data) >= next_look:
            next_look = 2 * len(data)  # after every chunk, the same bytes would be gone over each time
            if found := _told(bytes(data), url, medium):
                return found
        if len(data) >= MOST:
            break
    if found := _told(bytes(data), url, medium):
        return found
    raise InvalidInput(f"{_shown(url)} does not tell it in its first {len(data):,} bytes")


def _told(data: bytes, url: str, medium: str) -> dict[str, float]:
    kind = kind_of(data[:ENOUGH])
    if kind is None or not kind.startswith(f"{medium}/") or kind == "image/svg+xml":
        raise InvalidInput(f"{_shown(url)} is no {medium} but {described(data, kind)}")
    return measures_of(data, kind)


def _shown(url: object) -> str:
    """A URL as it may be said: a signed one is as good as a key, and so is a password in it."""
    shown = without_query(str(url))
    scheme, sign, rest = shown.partition("://")
    host, slash, path = rest.partition("/")
    return scheme + sign + host.rpartition("@")[2] + slash + path
