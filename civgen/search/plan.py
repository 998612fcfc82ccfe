"""What the index lacks: found by comparing content hashes, without reading documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from civgen.catalog.catalog import Catalog
from civgen.errors import NotFound
from civgen.garbage import rarely_collected
from civgen.search.backends import Backend
from civgen.search.documents import HASH, Document, Generates, document_of, hashed
from civgen.search.membership import membership
from civgen.search.reading import read_models
from civgen.search.settings import IndexSettings, SettingChange, differences

if TYPE_CHECKING:
    from sqlalchemy import Connection

State = Literal["missing", "stale", "orphaned"]
#: In place of the hash of a document that is not in the index.
ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One document that is not as it should be; `name` is None where the model is gone."""

    id: int
    state: State
    name: str | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """`{"id", "state", "name", "why"}`."""
        return {"id": self.id, "state": self.state, "name": self.name, "why": self.why}


@dataclass(frozen=True)
class SearchPlan:
    """All that differs between rows and index.

    Attributes:
        settings: None when there is no index yet.
        current: number of documents that are as they should be.
    """

    place: str
    settings: list[SettingChange] | None
    documents: list[Difference] = field(default_factory=list)
    current: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.documents and self.settings == []

    @property
    def reindexes(self) -> bool:
        """Whether the settings make the server go through all documents."""
        return any(one.reindex for one in self.settings or ())

    @property
    def counts(self) -> dict[str, int]:
        """Number of documents by state."""
        counted = {"missing": 0, "stale": 0, "orphaned": 0, "current": self.current}
        for one in self.documents:
            counted[one.state] += 1
        return counted

    def as_json(self) -> dict[str, Any]:
        """`{"index", "exists", "counts", "documents", "settings", "reindex"}`."""
        return {
            "index": self.place,
            "exists": self.settings is not None,
            "counts": self.counts,
            "documents": [one.as_json() for one in self.documents],
            "settings": [one.as_json() for one in self.settings or ()],
            "reindex": self.reindexes,
        }


class Wanted(NamedTuple):
    """What one model should look like in the index: a document, or none.

    Attributes:
        body: the document as JSON; nothing where there is none.
    """

    id: int
    document: Document | None
    why: str
    body: bytes = b""


def wanted_documents(
    connection: Connection, catalog: Catalog, index: IndexSettings, ids: Iterable[int] | None = None
) -> Iterator[Wanted]:
    """Model after model, in the order of their ids; those that are gone come last."""
    left = None if ids is None else set(ids)
    generates = generates_by(catalog)
    for rows in read_models(connection, left):
        if left is not None:
            left.discard(rows.model["id"])
        decided = membership(rows.model, rows.versions)
        document = document_of(rows, generates) if decided.action == "index" else None
        body = hashed(document, index.documents) if document else b""
        yield Wanted(rows.model["id"], document, decided.why, body)
    for gone in sorted(left or ()):
        yield Wanted(gone, None, membership(None).why)


def plan_search(connection: Connection, catalog: Catalog, backend: Backend) -> SearchPlan:
    """Compare all rows with the whole index; nothing is written."""
    settings = backend.settings()
    changes = None if settings is None else differences(backend.index, settings)
    there = dict(backend.hashes())
    plan = SearchPlan(backend.place, changes)
    current = 0
    with rarely_collected():
        for one in wanted_documents(connection, catalog, backend.index):
            difference = _difference(one, there.pop(one.id, ABSENT))
            if difference:
                plan.documents.append(difference)
            else:
                current += one.document is not None
    plan.documents.extend(Difference(gone, "orphaned", None, "there is no such model") for gone in there)
    return SearchPlan(plan.place, plan.settings, plan.documents, current)


def _difference(one: Wanted, found: Any) -> Difference | None:
    if one.document is None:
        return None if found is ABSENT else Difference(one.id, "orphaned", None, one.why)
    if found is ABSENT:
        return Difference(one.id, "missing", one.document["name"], one.why)
    if found != one.document[HASH]:
        why = "civgen has not written it yet" if found is None else "its rows say something else now"
        return Difference(one.id, "stale", one.document["name"], why)
    return None


def generates_by(catalog: Catalog) -> Generates:
    """Whether a base model generates with a type, answered once for each pair."""
    known: dict[tuple[str, str], bool] = {}

    def generates(base_model: str, model_type: str) -> bool:
        pair = base_model, model_type
        if pair not in known:
            known[pair] = _generates(catalog, base_model, model_type)
        return known[pair]

    return generates


def _generates(catalog: Catalog, base_model: str, model_type: str) -> bool:
    try:
        record, ecosystem = catalog.base_model(base_model)
    except NotFound:
        return False
    return not record.disabled and model_type in ecosystem.support.generation
