"""Parts of a file (RFC 9110, section 14), so that a download can go on where it broke off."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?", re.ASCII)


def part_of(
    request: Request, data: bytes, content_type: str, headers: Mapping[str, str], version: str
) -> Response:
    """The bytes that were asked for: one range, or everything.

    Args:
        version: of the file, told as its ETag and compared with `If-Range`.
    """
    tag = f'"{version}"'
    own = {**headers, "Accept-Ranges": "bytes", "ETag": tag}
    asked = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if not asked or asked.groups() == (None, None) or request.headers.get("if-range", tag) != tag:
        return Response(data, media_type=content_type, headers=own)
    first, last = _bounds(asked[1], asked[2], len(data))
    if first > last:
        raise HTTPException(416, "There is nothing in that range", {"Content-Range": f"bytes */{len(data)}"})
    own["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, own, content_type)


def _bounds(first: str | None, last: str | None, size: int) -> tuple[int, int]:
    if first is None:
        return max(0, size - int(last or 0)), size - 1
    return int(first), min(size - 1, int(last) if last is not None else size - 1)
