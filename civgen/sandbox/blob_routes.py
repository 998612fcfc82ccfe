"""Routes of blobs. Loads starlette: import it where it is used."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from civgen.errors import InvalidInput, NotAuthorised
from civgen.sandbox.blobs import Blobs
from civgen.sandbox.documents import blob_json, time_text
from civgen.sandbox.http import answer, body_of, links_of, reading, sandbox_of, user_of, writing
from civgen.sandbox.links import BLOBS
from civgen.sandbox.questions import BlobReading, understood
from civgen.sandbox.ranges import part_of
from civgen.sandbox.refusals import Forbidden
from civgen.sandbox.users import READ, WRITE, User

_LARGEST_UPLOAD = 64 * 1024**2
_MEDIA = re.compile(r"(image|video|audio)/[a-z0-9.+-]+")
_LEVELS = ("pg", "pg13", "r", "x", "xxx")


async def _presign(request: Request, user: User) -> Response:
    url, expiry = links_of(request).upload(user.user)
    return answer({"uploadUrl": url, "expiresAt": time_text(expiry)})


async def _upload(request: Request) -> Response:
    user = _uploader(request)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = _MEDIA.fullmatch(content_type)
    if kind is None:
        raise HTTPException(415, "Only images, videos and sound are taken")
    data = await body_of(request, _LARGEST_UPLOAD)
    if not data:
        raise InvalidInput("The body is empty")
    blob_id = _blobs(request).upload(user, data, content_type)
    return answer(blob_json(kind[1], blob_id, links_of(request)), 201)


async def _get(request: Request) -> Response:
    """The way to the content; who has a signed URL needs no token."""
    blob, links = _found(request), links_of(request)
    how = understood(BlobReading, dict(request.query_params))
    if not blob["available"]:
        raise Forbidden(f"The blob is blocked: {blob.get('blockedReason', 'mature content is not paid for')}")
    level = blob.get("nsfwLevel")
    if how.nsfw_level and (level not in _LEVELS or _LEVELS.index(level) > _LEVELS.index(how.nsfw_level)):
        raise Forbidden(f"The blob is not known to be {how.nsfw_level} or below")
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
    content_type, data = await _blobs(request).content(said["id"], links.now)
    how = "attachment" if said["download"] else "inline"
    named = f"; filename*=UTF-8''{quote(said['name'], safe='')}" if said["name"] else ""
    headers = {"Content-Disposition": how + named, "Content-Security-Policy": "sandbox"}
    return part_of(request, data, content_type, headers, said["id"])


async def _refresh(request: Request, user: User) -> Response:
    return answer(_blobs(request).blob(request.path_params["id"], links_of(request), user.user))


def _blobs(request: Request) -> Blobs:
    return Blobs(sandbox_of(request).store)


def _uploader(request: Request) -> str:
    """Whose an upload is: a presigned URL speaks for who got it."""
    if "sig" not in request.query_params:
        return user_of(request, WRITE).user
    user = links_of(request).uploader(request.query_params)
    if user is None:
        raise NotAuthorised("The signature is not good, or no longer")
    return user


def _found(request: Request) -> dict[str, Any]:
    """A blob, for who has a signed URL, or is its owner."""
    blob_id, links = request.path_params["id"], links_of(request)
    if "sig" not in request.query_params:
        return _blobs(request).blob(blob_id, links, user_of(request, READ).user)
    if not links.opens(blob_id, request.query_params):
        raise NotAuthorised("The signature is not good, or no longer")
    return _blobs(request).blob(blob_id, links)


ROUTES = [
    Route(BLOBS + "/upload", reading(_presign), methods=["GET"]),
    Route(BLOBS, _upload, methods=["POST"]),
    Route(BLOBS + "/content/{token}", _content, methods=["GET"]),
    Route(BLOBS + "/{id}", _head, methods=["HEAD"]),
    Route(BLOBS + "/{id}", _get, methods=["GET"]),
    Route(BLOBS + "/{id}/refresh", writing(_refresh), methods=["POST"]),
]
