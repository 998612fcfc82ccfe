"""Routes of workflows and their tags. Loads starlette: import it where it is used."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civgen.errors import Problem
from civgen.sandbox.documents import workflow_json
from civgen.sandbox.http import (
    answer,
    json_of,
    links_of,
    nothing,
    reading,
    sandbox_of,
    user_of,
    woken,
    writing,
)
from civgen.sandbox.patching import change_of
from civgen.sandbox.questions import Filter, Reading, Submission, Update, understood
from civgen.sandbox.record import Record
from civgen.sandbox.refusals import refused
from civgen.sandbox.users import READ, WRITE, User

PATH = "/v2/consumer/workflows"
LARGEST_BODY = 64 * 1024**2
_PATCH = "application/json-patch+json"
_LONGEST_TAG = 200


async def _submit(request: Request) -> Response:
    how = understood(Submission, dict(request.query_params))
    user = user_of(request, READ if how.whatif else WRITE)
    sandbox, body = sandbox_of(request), await json_of(request, LARGEST_BODY)
    record = await sandbox.submit(body, how, user, getattr(request.state, "substitutes", None))
    if record.kind == "whatif":
        return _shown(request, record, how, insufficient=not sandbox.is_affordable(record, user))
    woken(request)
    return _shown(request, await sandbox.ended(record, how.wait), how)


async def _get(request: Request, user: User) -> Response:
    how = understood(Reading, dict(request.query_params))
    sandbox = sandbox_of(request)
    return _shown(request, await sandbox.ended(sandbox.store.get(_id(request), user.user), how.wait), how)


async def _list(request: Request, user: User) -> Response:
    given = request.query_params
    asked = understood(Filter, {**given, "tags": given.getlist("tags")})
    return answer(sandbox_of(request).page(user, asked, links_of(request)))


async def _update(request: Request, user: User) -> Response:
    asked = understood(Update, await json_of(request, LARGEST_BODY))
    sandbox_of(request).update(_id(request), user, asked)
    woken(request)
    return nothing()


async def _patch(request: Request, user: User) -> Response:
    operations = await patch_of(request)
    sandbox = sandbox_of(request)
    record = sandbox.store.get(_id(request), user.user)
    before = {
        "status": record.status(sandbox.clock()),
        "metadata": record.template["metadata"],
        "tags": record.tags,
        "allowMatureContent": record.template["allowMatureContent"],
    }
    sandbox.update(record.id, user, change_of(Update, before, operations))
    woken(request)
    return nothing()


async def _delete(request: Request, user: User) -> Response:
    sandbox_of(request).delete(_id(request), user)
    return nothing()


async def _add_tag(request: Request, user: User) -> Response:
    tag = await json_of(request, LARGEST_BODY)
    if not isinstance(tag, str) or len(tag) > _LONGEST_TAG:
        raise refused([Problem("$", f"must be text of at most {_LONGEST_TAG} characters")])
    sandbox_of(request).retag(_id(request), user, lambda tags: tags if tag in tags else [*tags, tag])
    return nothing()


async def _remove_tag(request: Request, user: User) -> Response:
    gone = request.path_params["tag"]
    sandbox_of(request).retag(_id(request), user, lambda tags: [tag for tag in tags if tag != gone])
    return nothing()


async def _remove_tags(request: Request, user: User) -> Response:
    sandbox_of(request).retag(_id(request), user, lambda _: [])
    return nothing()


async def patch_of(request: Request) -> Any:
    """The operations of a JSON Patch."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _PATCH:
        raise HTTPException(415, f"A patch is {_PATCH}")
    return await json_of(request, LARGEST_BODY)


def _id(request: Request) -> str:
    workflow_id: str = request.path_params["id"]
    return workflow_id


def _shown(request: Request, record: Record, how: Reading, *, insufficient: bool = False) -> Response:
    links = links_of(request)
    in_flight = record.kind != "whatif" and not record.is_over(links.now)
    document = workflow_json(record, links, hide_mature=how.hide_mature_content, insufficient=insufficient)
    return answer(document, 202 if in_flight else 200)


ROUTES = [
    Route(PATH, _submit, methods=["POST"]),
    Route(PATH, reading(_list), methods=["GET"]),
    Route(PATH + "/{id}", reading(_get), methods=["GET"]),
    Route(PATH + "/{id}", writing(_update), methods=["PUT"]),
    Route(PATH + "/{id}", writing(_patch), methods=["PATCH"]),
    Route(PATH + "/{id}", writing(_delete), methods=["DELETE"]),
    Route(PATH + "/{id}/tags", writing(_add_tag), methods=["POST"]),
    Route(PATH + "/{id}/tags", writing(_remove_tags), methods=["DELETE"]),
    Route(PATH + "/{id}/tags/{tag:path}", writing(_remove_tag), methods=["DELETE"]),
]
