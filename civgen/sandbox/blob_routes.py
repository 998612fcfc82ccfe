"""Routes of blobs. Loads starlette: import it where it is used."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from civgen.errors import InvalidInput
from civgen.sandbox.documents import blob_json
from civgen.sandbox.http import answer, body_of, links_of, private, require_token, sandbox_of
from civgen.sandbox.links import BLOBS
from civgen.sandbox.questions import BlobReading, understood

_LARGEST_UPLOAD = 64 * 1024**2
_MEDIA = re.compile(r"(image|video|audio)/[a-z0-9.+-]+")
_LEVELS = ("pg", "pg13", "r", "x", "xxx")


async def _upload(request: Request) -> Response:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = _MEDIA.fullmatch(content_type)
    if kind is None:
        raise HTTPException(415, "Only images, videos and sound are taken")
    data = await body_of(request, _LARGEST_UPLOAD)
    if not data:
        raise InvalidInput("The body is empty")
    blob_id = sandbox_of(request).upload(data, content_type)
    return answer(blob_json(kind[1], blob_id, links_of(request)), 201)


async def _get(request: Request) -> Response:
    """The way to the content; who has a signed URL needs no token."""
    blob, links = _found(request), links_of(request)
    how = understood(BlobReading, dict(request.query_params))
    level = blob.get("nsfwLevel")
    if how.nsfw_level and (level not in _LEVELS or _LEVELS.index(level) > _LEVELS.index(how.nsfw_level)):
        raise HTTPException(403, f"The blob is not known to be {how.nsfw_level} or below")
    return RedirectResponse(links.content(blob["id"], how.filename, download=how.download), 308)


async def _head(request: Request) -> Response:
    level = _found(request).get("nsfwLevel", "na")
    return Response(status_code=204, headers={"x-nsfw-level": level})


async def _content(request: Request) -> Response:
    links = links_of(request)
    said = links.read(request.path_params["token"])
    if said is None:
        raise InvalidInput("The token is not one of this sandbox")
    if said["exp"] <= links.now:
        raise HTTPException(410, "The token has expired")
    content_type, data = sandbox_of(request).content(said["id"])
    how = "attachment" if said["download"] else "inline"
    named = f"; filename*=UTF-8''{quote(said['name'], safe='')}" if said["name"] else ""
    headers = {"Content-Disposition": how + named, "Content-Security-Policy": "sandbox"}
    return Response(data, media_type=content_type, headers=headers)


async def _refresh(request: Request) -> Response:
    return answer(sandbox_of(request).blob(request.path_params["id"], links_of(request)))


def _found(request: Request) -> dict[str, Any]:
    blob_id, links = request.path_params["id"], links_of(request)
    if not links.opens(blob_id, request.query_params):
        require_token(request)
    return sandbox_of(request).blob(blob_id, links)


ROUTES = [
    Route(BLOBS, private(_upload), methods=["POST"]),
    Route(BLOBS + "/content/{token}", _content, methods=["GET"]),
    Route(BLOBS + "/{id}", _head, methods=["HEAD"]),
    Route(BLOBS + "/{id}", _get, methods=["GET"]),
    Route(BLOBS + "/{id}/refresh", private(_refresh), methods=["POST"]),
]
