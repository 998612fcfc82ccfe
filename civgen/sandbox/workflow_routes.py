"""Routes of workflows and their tags. Loads starlette: import it where it is used."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civgen.errors import Problem
from civgen.sandbox.documents import workflow_json
from civgen.sandbox.http import answer, json_of, links_of, nothing, private, sandbox_of
from civgen.sandbox.questions import Filter, Reading, Submission, Update, refused, understood
from civgen.sandbox.record import Record

_PATH = "/v2/consumer/workflows"
_LARGEST_BODY = 64 * 1024**2
_LONGEST_TAG = 200


async def _submit(request: Request) -> Response:
    how = understood(Submission, dict(request.query_params))
    sandbox = sandbox_of(request)
    record = sandbox.submit(await json_of(request, _LARGEST_BODY), how)
    return _shown(request, record if how.whatif else await sandbox.ended(record, how.wait), how)


async def _get(request: Request) -> Response:
    how = understood(Reading, dict(request.query_params))
    sandbox = sandbox_of(request)
    return _shown(request, await sandbox.ended(sandbox.store.get(_id(request)), how.wait), how)


async def _list(request: Request) -> Response:
    given = request.query_params
    asked = understood(Filter, {**given, "tags": given.getlist("tags")})
    return answer(sandbox_of(request).page(asked, links_of(request)))


async def _update(request: Request) -> Response:
    asked = understood(Update, await json_of(request, _LARGEST_BODY))
    sandbox_of(request).update(_id(request), asked)
    return nothing()


async def _delete(request: Request) -> Response:
    sandbox_of(request).store.delete(_id(request))
    return nothing()


async def _add_tag(request: Request) -> Response:
    tag = await json_of(request, _LARGEST_BODY)
    if not isinstance(tag, str) or len(tag) > _LONGEST_TAG:
        raise refused([Problem("$", f"must be text of at most {_LONGEST_TAG} characters")])
    sandbox_of(request).retag(_id(request), lambda tags: tags if tag in tags else [*tags, tag])
    return nothing()


async def _remove_tag(request: Request) -> Response:
    gone = request.path_params["tag"]
    sandbox_of(request).retag(_id(request), lambda tags: [tag for tag in tags if tag != gone])
    return nothing()


async def _remove_tags(request: Request) -> Response:
    sandbox_of(request).retag(_id(request), lambda _: [])
    return nothing()


def _id(request: Request) -> str:
    workflow_id: str = request.path_params["id"]
    return workflow_id


def _shown(request: Request, record: Record, how: Reading) -> Response:
    links = links_of(request)
    in_flight = record.kind != "whatif" and not record.is_over(links.now)
    return answer(
        workflow_json(record, links, hide_mature=how.hide_mature_content), 202 if in_flight else 200
    )


ROUTES = [
    Route(_PATH, private(_submit), methods=["POST"]),
    Route(_PATH, private(_list), methods=["GET"]),
    Route(_PATH + "/{id}", private(_get), methods=["GET"]),
    Route(_PATH + "/{id}", private(_update), methods=["PUT"]),
    Route(_PATH + "/{id}", private(_delete), methods=["DELETE"]),
    Route(_PATH + "/{id}/tags", private(_add_tag), methods=["POST"]),
    Route(_PATH + "/{id}/tags", private(_remove_tags), methods=["DELETE"]),
    Route(_PATH + "/{id}/tags/{tag:path}", private(_remove_tag), methods=["DELETE"]),
]
