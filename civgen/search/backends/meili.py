"""A Meilisearch server, through the official client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from civgen.errors import AnswerIsNo, CivgenError, InvalidInput, NotAuthorised, NotFound, Unavailable
from civgen.search.backends import Backend, Found, Query
from civgen.search.documents import HASH
from civgen.search.filters import Has, as_text
from civgen.search.settings import IndexSettings
from civgen.settings import Environment

if TYPE_CHECKING:
    from meilisearch import Client
    from meilisearch.index import Index
    from meilisearch.models.task import Task
    from pydantic import SecretStr

#: Seconds without an answer to a request before the server counts as unavailable.
_TIMEOUT = 30
#: Seconds that one task may take; a server goes through a large index in minutes.
_LONGEST_TASK = 3600
#: Documents that are asked for at once: whole ones, and ids with their hashes.
_PAGE = 1000
_HASHES = 10_000
#: Seconds between two questions for a task, at first and at last.
_LEAST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0
_UNDER_WAY = ("enqueued", "processing")

_REFUSED_KEY = ("invalid_api_key", "missing_authorization_header")
_NOT_THERE = ("index_not_found", "document_not_found")
_NOT_ASKED = ("invalid_search_", "invalid_document_filter")


class Meilisearch(Backend):
    """The models index on a Meilisearch server."""

    is_remote = True

    def __init__(
        self, url: str, key: SecretStr | None, index: IndexSettings, name: str | None = None
    ) -> None:
        super().__init__(f"{_without_secrets(url)} ({name or index.name})", index)
        self._url, self._key, self._name = url, key, name or index.name

    @classmethod
    def opened(cls, environment: Environment, root: Path, index: IndexSettings) -> Meilisearch | None:  # noqa: D102, ARG003
        if urlsplit(environment.search).scheme not in ("http", "https"):
            return None
        return cls(environment.search, environment.search_key, index)

    def settings(self) -> Mapping[str, Any] | None:  # noqa: D102
        try:
            with self._asking():
                return dict(self._index.get_settings())
        except NotFound:
            return None

    def write_settings(self, settings: Mapping[str, Any]) -> int:  # noqa: D102
        with self._asking():
            tasks = []
            if self.settings() is None:
                made = self._client.create_index(self._name, {"primaryKey": self.index.primary_key})
                tasks.append(made.task_uid)
            tasks.append(self._index.update_settings(dict(settings)).task_uid)
        # The server takes tasks in order: when the last is done, so is the one before it.
        return tasks[-1]

    def hashes(self) -> Iterator[tuple[int, str | None]]:  # noqa: D102
        try:
            for document in self._pages(["id", HASH]):
                yield document["id"], document.get(HASH)
        except NotFound:
            return

    def fetch(self, ids: Sequence[int], fields: Sequence[str] | None = None) -> dict[int, dict[str, Any]]:  # noqa: D102
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(ids), _PAGE):
            some = ids[start : start + _PAGE]
            asked = {"filter": _with_ids(some), "limit": len(some)}
            try:
                with self._asking():
                    page = self._index.get_documents(asked | ({"fields": list(fields)} if fields else {}))
            except NotFound:
                return {}
            found |= {one["id"]: one for one in map(dict, page.results)}
        return found

    def update(self, documents: bytes) -> int:  # noqa: D102
        body: Any = documents  # the client sends bytes as they are
        with self._asking():
            return self._index.update_documents_raw(body, self.index.primary_key, "application/json").task_uid

    def delete(self, ids: Sequence[int]) -> int:  # noqa: D102
        with self._asking():
            return self._index.delete_documents(filter=_with_ids(ids)).task_uid

    def wait(self, tasks: Iterable[int], given_up: Callable[[], bool] = lambda: False) -> None:  # noqa: D102
        for number in tasks:
            task = self._over(number, given_up)
            if task and task.status != "succeeded":
                raise self._failed(number, task.status, task.error)

    def search(self, query: Query) -> Found:  # noqa: D102
        asked: dict[str, Any] = {"offset": query.offset, "limit": query.limit, "sort": list(query.sort)}
        asked |= {"facets": list(query.facets)} if query.facets else {}
        asked |= {"filter": as_text(query.filter)} if query.filter else {}
        asked |= {"attributesToRetrieve": list(query.fields)} if query.fields else {}
        try:
            with self._asking():
                answer = self._index.search(query.words, asked)
        except NotFound:
            return Found([], 0)
        facets = answer.get("facetDistribution") or {}
        return Found(answer["hits"], answer.get("estimatedTotalHits", len(answer["hits"])), facets)

    def beside(self, suffix: str) -> Meilisearch:  # noqa: D102
        return Meilisearch(self._url, self._key, self.index, self._name + suffix)

    def swap(self, other: Backend) -> int:  # noqa: D102
        assert isinstance(other, Meilisearch)
        with self._asking():
            return self._client.swap_indexes([{"indexes": [self._name, other._name]}]).task_uid

    def drop(self) -> int:  # noqa: D102
        with self._asking():
            return self._client.delete_index(self._name).task_uid

    def count(self) -> int:  # noqa: D102
        try:
            with self._asking():
                return int(self._index.get_stats().number_of_documents)
        except NotFound:
            return 0

    @property
    def _client(self) -> Client:
        from meilisearch import Client

        key = self._key.get_secret_value() if self._key else None
        return Client(self._url, key, timeout=_TIMEOUT)

    @property
    def _index(self) -> Index:
        return self._client.index(self._name)

    def _pages(self, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            with self._asking():
                page = self._index.get_documents({"fields": list(fields), "limit": _HASHES, "offset": offset})
            yield from map(dict, page.results)
            offset += len(page.results)
            if not page.results or offset >= page.total:
                return

    def _over(self, number: int, given_up: Callable[[], bool]) -> Task | None:
        """A task when it is over; None when nobody waits any longer.

        The client's own wait cannot be called off, and asks every 50 ms for as long as it takes.
        """
        latest, pause = time.monotonic() + _LONGEST_TASK, _LEAST_PAUSE
        while not given_up():
            with self._asking(number):
                task = self._client.get_task(number)
            if task.status not in _UNDER_WAY:
                return task
            if time.monotonic() > latest:
                raise Unavailable(f"{self.place}: task {number} has not come to an end in an hour.")
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return None

    def _failed(self, number: int, status: str, error: Mapping[str, Any] | None) -> AnswerIsNo:
        said = (error or {}).get("message", "no reason was given")
        return AnswerIsNo(
            f"{self.place}: task {number} {status}: {said}",
            hint="Nothing is lost: mend what it names; the same command then does what is left.",
            data={"task": number, "status": status, "error": dict(error or {})},
        )

    @contextmanager
    def _asking(self, task: int | None = None) -> Iterator[None]:
        """Turn the client's errors into civgen's; the key stands in none of them."""
        from meilisearch import errors

        try:
            yield
        except errors.MeilisearchApiError as error:
            raise self._refused(error, task) from None
        except errors.MeilisearchError as error:
            hint = "Is the server up, and is its address right? Nothing is lost: sync again when it answers."
            raise Unavailable(f"{self.place} does not answer: {_reason(error)}.", hint=hint) from None

    def _refused(self, error: Any, task: int | None) -> CivgenError:
        code, message = error.code or "", f"{self.place}: {_said(error)}."
        if task is not None and code == "task_not_found":
            hint = "It may have been done: the same command compares, and does what is left."
            return Unavailable(f"{self.place} has lost task {task}.", hint=hint)
        if code in _REFUSED_KEY:
            hint = (
                "Set CIVGEN_SEARCH_KEY, or keep the key in the keyring; `civgen doctor` says which is taken."
            )
            return NotAuthorised(message, hint=hint)
        if code in _NOT_THERE:
            return NotFound(message)
        if code.startswith(_NOT_ASKED):
            return InvalidInput(message)
        if error.status_code >= 500 or not code:
            return Unavailable(message, hint="Nothing is lost: do it again when the server answers.")
        return AnswerIsNo(message)


#: What `open_backend` looks for in a module.
Kind = Meilisearch


def _with_ids(ids: Sequence[int]) -> str:
    return as_text(Has("id", tuple(ids)))


def _said(error: Any) -> str:
    """What the server said, without the advice that the client puts after some messages."""
    said = str(error.message).partition(". Hint: It might not be working")[0].strip()
    is_page = said.startswith("<") or not said
    return f"it answers with HTTP {error.status_code}" if is_page else said.rstrip(".")


def _reason(error: Any) -> str:
    """The reason without the address, which may hold what nobody should read."""
    text = str(error.message)
    for known in ("Connection refused", "timed out", "Name or service not known", "Connection reset"):
        if known.lower() in text.lower():
            return known.lower()
    return type(error).__name__


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return (
        f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path.rstrip('/')}"
    )
