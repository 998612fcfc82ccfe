"""Which addresses may be trusted with what."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int | None]


def origin(url: str) -> Origin:
    """Scheme, host and port of `url`.

    >>> origin("https://example.org/a") == origin("HTTPS://Example.org:443")
    True
    """
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine.

    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "192.168.0.1", "0.0.0.0")]
    [True, True, True, False, False]
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_confidential(url: str) -> bool:
    """Whether nobody on the way can read what is sent there: over TLS, or within this machine."""
    scheme, host, _ = origin(url)
    return bool(host) and (scheme == "https" or (scheme == "http" and is_loopback(host)))


def without_query(url: str) -> str:
    """`url` as it may be shown: a signed one is as good as a key."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
