"""A server that answers as Meilisearch's public API says, for tests without the real one.

Run as a program: it prints its port, works through tasks one after the other in a thread of its own,
and takes orders to go wrong at `POST /double/fault`. Filters arrive as text and are evaluated here, on
plain documents, without anything that the embedded index uses but the grammar.
"""

from __future__ import annotations

import asyncio
import json
import queue
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from civgen.errors import InvalidInput
from civgen.search.filters import All, Compare, Either, Exists, Filter, Has, Not, fields_of, parse

KEY = "the-master-key"
DEFAULTS: dict[str, Any] = {
    "displayedAttributes": ["*"],
    "searchableAttributes": ["*"],
    "filterableAttributes": [],
    "sortableAttributes": [],
    "rankingRules": ["words", "typo", "proximity", "attribute", "sort", "exactness"],
    "stopWords": [],
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        "disableOnWords": [],
        "disableOnAttributes": [],
    },
    "pagination": {"maxTotalHits": 100000},
}


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str, kind: str = "invalid_request") -> None:
        self.status = status
        link = f"https://docs.meilisearch.com/errors#{code}"
        self.body = {"message": message, "code": code, "type": kind, "link": link}


class Index:
    def __init__(self, primary_key: str | None) -> None:
        self.primary_key = primary_key
        self.settings = json.loads(json.dumps(DEFAULTS))
        self.documents: dict[Any, dict[str, Any]] = {}


class Server:
    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.tasks: dict[int, dict[str, Any]] = {}
        self.work: queue.Queue[tuple[int, Any]] = queue.Queue()
        self.faults: list[str] = []
        threading.Thread(target=self._run, daemon=True).start()

    def enqueue(self, kind: str, uid: str | None, work: Any) -> JSONResponse:
        number = len(self.tasks)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        task = {
            "uid": number,
            "indexUid": uid,
            "status": "enqueued",
            "type": kind,
            "enqueuedAt": now,
            "startedAt": None,
            "finishedAt": None,
            "duration": None,
            "canceledBy": None,
            "details": {},
            "error": None,
            "batchUid": None,
        }
        self.tasks[number] = task
        if self.fault("lose-task"):
            del self.tasks[number]
            self.tasks[-1 - number] = task  # numbers go on, but nobody finds this one
        self.work.put((number, work))
        answer = {"taskUid": number, "indexUid": uid, "status": "enqueued", "type": kind, "enqueuedAt": now}
        return JSONResponse(answer, 202)

    def fault(self, name: str) -> bool:
        if name in self.faults:
            self.faults.remove(name)
            return True
        return False

    def _fail_if_told(self) -> None:
        if self.fault("fail-task"):
            raise Refusal(500, "internal", "An internal error has occurred.", "internal")

    def index(self, uid: str) -> Index:
        if uid not in self.indexes:
            raise Refusal(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]

    def _run(self) -> None:
        while True:
            number, work = self.work.get()
            task = self.tasks.get(number) or self.tasks[-1 - number]
            task["status"] = "processing"
            if self.fault("hold-task"):
                while not self.fault("let-go"):
                    time.sleep(0.01)
            try:
                self._fail_if_told()
                work()
                task["status"] = "succeeded"
            except Refusal as refusal:
                task["status"], task["error"] = "failed", refusal.body


SERVER = Server()


def values_of(document: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(document, list):
        for one in document:
            yield from values_of(one, path)
    elif not path:
        yield document
    elif isinstance(document, Mapping) and path[0] in document:
        yield from values_of(document[path[0]], path[1:])


def _folded(value: Any) -> Any:
    return str(value).lower() if isinstance(value, str | bool) else value


def holds(document: Mapping[str, Any], filter_: Filter) -> bool:
    match filter_:
        case All(of):
            return all(holds(document, one) for one in of)
        case Either(of):
            return any(holds(document, one) for one in of)
        case Not(one):
            return not holds(document, one)
        case Exists(field):
            return any(True for _ in values_of(document, field.split(".")))
        case Has(field, values):
            wanted = {_folded(value) for value in values}
            return any(
                _folded(one) in wanted for one in values_of(document, field.split(".")) if one is not None
            )
        case Compare(field, sign, value):
            numbers = (
                one
                for one in values_of(document, field.split("."))
                if isinstance(one, int | float) and not isinstance(one, bool)
            )
            return any(
                {">": one > value, ">=": one >= value, "<": one < value, "<=": one <= value}[sign]
                for one in numbers
            )


def _filter(index: Index, text: str | None, code: str) -> Filter | None:
    if not text:
        return None
    try:
        found = parse(text)
    except InvalidInput as error:
        raise Refusal(400, code, error.message) from None
    for name in fields_of(found):
        if name not in index.settings["filterableAttributes"]:
            raise Refusal(400, code, f"Attribute `{name}` is not filterable.")
    return found


def _shown(index: Index, document: Mapping[str, Any], fields: list[str] | None) -> dict[str, Any]:
    displayed = index.settings["displayedAttributes"]
    names = [name for name in document if displayed == ["*"] or name in displayed]
    return {name: document[name] for name in names if fields is None or "*" in fields or name in fields}


async def create(request: Request) -> Response:
    body = await request.json()

    def work() -> None:
        if body["uid"] in SERVER.indexes:
            raise Refusal(409, "index_already_exists", f"Index `{body['uid']}` already exists.")
        SERVER.indexes[body["uid"]] = Index(body.get("primaryKey"))

    return SERVER.enqueue("indexCreation", body["uid"], work)


async def drop(request: Request) -> Response:
    uid = request.path_params["uid"]

    def work() -> None:
        SERVER.index(uid)
        del SERVER.indexes[uid]

    return SERVER.enqueue("indexDeletion", uid, work)


async def settings(request: Request) -> Response:
    uid = request.path_params["uid"]
    if request.method == "GET":
        return JSONResponse(SERVER.index(uid).settings)
    body = await request.json()

    def work() -> None:
        index = SERVER.indexes.setdefault(uid, Index(None))
        for name, value in body.items():
            there = index.settings.get(name)
            index.settings[name] = (
                {**there, **value} if isinstance(value, dict) and isinstance(there, dict) else value
            )

    return SERVER.enqueue("settingsUpdate", uid, work)


async def update(request: Request) -> Response:
    uid = request.path_params["uid"]
    documents = json.loads(await request.body())
    rejects = SERVER.fault("reject-document")

    def work() -> None:
        index = SERVER.indexes.setdefault(uid, Index(request.query_params.get("primaryKey")))
        for document in documents:
            if rejects or not isinstance(document.get(index.primary_key), int | str):
                message = f"Document identifier `{document.get(index.primary_key)}` is invalid."
                raise Refusal(400, "invalid_document_id", message)
        for document in documents:
            number = document[index.primary_key]
            index.documents[number] = {**index.documents.get(number, {}), **document}

    return SERVER.enqueue("documentAdditionOrUpdate", uid, work)


async def delete(request: Request) -> Response:
    uid, body = request.path_params["uid"], await request.json()
    found = _filter(SERVER.index(uid), body["filter"], "invalid_document_filter")
    assert found is not None

    def work() -> None:
        index = SERVER.index(uid)
        index.documents = {key: one for key, one in index.documents.items() if not holds(one, found)}

    return SERVER.enqueue("documentDeletion", uid, work)


async def fetch(request: Request) -> Response:
    index, body = SERVER.index(request.path_params["uid"]), await request.json()
    found = _filter(index, body.get("filter"), "invalid_document_filter")
    ids = _asked_ids(found)
    there = (
        index.documents.values()
        if ids is None
        else [index.documents[one] for one in ids if one in index.documents]
    )
    all_ = [one for one in there if found is None or holds(one, found)]
    offset, limit = body.get("offset", 0), body.get("limit", 20)
    page = [_shown(index, one, body.get("fields")) for one in all_[offset : offset + limit]]
    return JSONResponse({"results": page, "offset": offset, "limit": limit, "total": len(all_)})


def _asked_ids(filter_: Filter | None) -> list[int] | None:
    """The ids that a filter asks for and nothing else; a real server has an index for these."""
    return (
        [int(one) for one in filter_.values] if isinstance(filter_, Has) and filter_.field == "id" else None
    )


async def search(request: Request) -> Response:
    index, body = SERVER.index(request.path_params["uid"]), await request.json()
    found = _filter(index, body.get("filter"), "invalid_search_filter")
    words = [word.lower() for word in (body.get("q") or "").split()]
    hits = [
        one
        for one in index.documents.values()
        if (found is None or holds(one, found)) and _has_words(index, one, words)
    ]
    rules = [*body.get("sort", ()), *(rule for rule in index.settings["rankingRules"] if ":" in rule)]
    hits.sort(key=lambda one: one["id"])
    for rule in reversed(rules):
        _sort(index, hits, rule, asked=rule in body.get("sort", ()))
    facets = {name: _counts(index, hits, name) for name in body.get("facets", ())}
    offset, limit = body.get("offset", 0), body.get("limit", 20)
    page = [_shown(index, one, body.get("attributesToRetrieve")) for one in hits[offset : offset + limit]]
    answer = {
        "hits": page,
        "query": body.get("q", ""),
        "processingTimeMs": 0,
        "limit": limit,
        "offset": offset,
    }
    return JSONResponse(
        answer | {"estimatedTotalHits": len(hits)} | ({"facetDistribution": facets} if facets else {})
    )


def _has_words(index: Index, document: Mapping[str, Any], words: list[str]) -> bool:
    fields = index.settings["searchableAttributes"]
    text = " ".join(str(value) for name in fields for value in values_of(document, name.split("."))).lower()
    there = text.replace(".", " ").split() + text.split()
    *whole, last = [*words] or [""]
    return all(word in there for word in whole) and any(one.startswith(last) for one in [*there, ""])


def _sort(index: Index, hits: list[dict[str, Any]], rule: str, *, asked: bool) -> None:
    name, _, direction = rule.rpartition(":")
    if asked and name not in index.settings["sortableAttributes"]:
        raise Refusal(400, "invalid_search_sort", f"Attribute `{name}` is not sortable.")
    have = [one for one in hits if next(values_of(one, name.split(".")), None) is not None]
    rest = [one for one in hits if one not in have]
    have.sort(key=lambda one: next(values_of(one, name.split("."))), reverse=direction == "desc")
    hits[:] = [*have, *rest]


def _counts(index: Index, hits: list[dict[str, Any]], name: str) -> dict[str, int]:
    if name not in index.settings["filterableAttributes"]:
        raise Refusal(400, "invalid_search_facets", f"Attribute `{name}` is not filterable.")
    counts: dict[str, int] = {}
    for hit in hits:
        for value in {json.dumps(one) for one in values_of(hit, name.split(".")) if one is not None}:
            shown = json.loads(value)
            key = str(shown).lower() if isinstance(shown, bool) else str(shown)
            counts[key] = counts.get(key, 0) + 1
    return counts


async def stats(request: Request) -> Response:
    index = SERVER.index(request.path_params["uid"])
    return JSONResponse(
        {"numberOfDocuments": len(index.documents), "isIndexing": False, "fieldDistribution": {}}
    )


async def swap(request: Request) -> Response:
    pairs = [one["indexes"] for one in await request.json()]

    def work() -> None:
        for one, other in pairs:
            SERVER.index(one), SERVER.index(other)
            SERVER.indexes[one], SERVER.indexes[other] = SERVER.indexes[other], SERVER.indexes[one]

    return SERVER.enqueue("indexSwap", None, work)


async def task(request: Request) -> Response:
    number = int(request.path_params["number"])
    if number not in SERVER.tasks:
        raise Refusal(404, "task_not_found", f"Task `{number}` not found.")
    return JSONResponse(SERVER.tasks[number])


async def fault(request: Request) -> Response:
    SERVER.faults.append((await request.json())["fault"])
    return JSONResponse({})


async def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return JSONResponse(error.body, error.status)


class Guard:
    """Asks for the key, and goes wrong where it was told to."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/double"):
            said = dict(scope["headers"]).get(b"authorization", b"").decode()
            if said != f"Bearer {KEY}":
                code = "invalid_api_key" if said else "missing_authorization_header"
                refusal = Refusal(403 if said else 401, code, "The provided API key is invalid.", "auth")
                await JSONResponse(refusal.body, refusal.status)(scope, receive, send)
                return
            if SERVER.fault("unavailable"):
                await Response("<html>Bad gateway</html>", 502, media_type="text/html")(scope, receive, send)
                return
        await self.app(scope, receive, send)


APP = Guard(
    Starlette(
        routes=[
            Route("/indexes", create, methods=["POST"]),
            Route("/indexes/{uid}", drop, methods=["DELETE"]),
            Route("/indexes/{uid}/settings", settings, methods=["GET", "PATCH"]),
            Route("/indexes/{uid}/documents", update, methods=["PUT"]),
            Route("/indexes/{uid}/documents/delete", delete, methods=["POST"]),
            Route("/indexes/{uid}/documents/fetch", fetch, methods=["POST"]),
            Route("/indexes/{uid}/search", search, methods=["POST"]),
            Route("/indexes/{uid}/stats", stats, methods=["GET"]),
            Route("/swap-indexes", swap, methods=["POST"]),
            Route("/tasks/{number}", task, methods=["GET"]),
            Route("/double/fault", fault, methods=["POST"]),
        ],
        exception_handlers={Refusal: refused},
    )
)


def main() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # from here on, whoever knows the port is answered
        print(listening.getsockname()[1], flush=True)
        server = uvicorn.Server(uvicorn.Config(APP, log_level="error", access_log=False))
        asyncio.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    sys.exit(main())
