"""Files received in part or whole, and whether they are all there (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

from civgen.errors import Refused, Unavailable

if TYPE_CHECKING:
    import httpx

#: The answer where a file has no bytes behind those that are there.
NOTHING_THERE = 416
_PART = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


def asking_for(start: int | None) -> dict[str, str]:
    """Headers for what lies behind the first `start` bytes; None for the whole, however it comes.

    Asked for a part, be it all of it, a server says how long the whole is: then a body that something on
    the way cut short does not pass for all. Only of what comes as it is can that be told.
    """
    return {"Accept-Encoding": "identity"} | ({} if start is None else {"Range": f"bytes={start}-"})


async def received(response: httpx.Response, file: IO[bytes], limit: int, doing: str) -> int:
    """Write an answer into `file`, behind what is there or in its place; gives the size of the whole.

    Raises:
        Refused: it is larger than `limit` bytes.
        Unavailable: less came than was announced.
    """
    part = _PART.fullmatch(response.headers.get("content-range", ""))
    size = int(part[1]) if part else 0
    announced = _announced(response, part)
    file.seek(size)
    file.truncate()
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > limit:
            raise Refused(f"{doing}: it is larger than {limit:,} bytes.")
        file.write(chunk)
    if announced is not None and size != announced:
        raise Unavailable(f"{doing}: {size:,} bytes came, and {announced:,} were announced.")
    return size


def _announced(response: httpx.Response, part: re.Match[str] | None) -> int | None:
    if part and part[2] != "*":
        return int(part[2])
    length = response.headers.get("content-length", "")
    is_plain = length.isdecimal() and part is None and "content-encoding" not in response.headers
    return int(length) if is_plain else None
