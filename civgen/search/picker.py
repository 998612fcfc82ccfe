"""The resource picker: versions that fit an ecosystem and generate, official ones first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.search.backends import Backend, Query
from civgen.search.filters import All, Either, Filter, Not, has

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from civgen.db.connect import Database

CHECKPOINT = "Checkpoint"
#: What people may sort by, in the index's words.
SORTS = {"popularity": "metrics.thumbsUpCount:desc", "newest": "createdAt:desc", "relevance": None}
#: Hits that are looked through at once, when some of them have no version that fits.
_LOOK = 100


@dataclass(frozen=True, slots=True)
class Resource:
    """A version that may be used.

    Attributes:
        id: of the version, as `submit --resource` takes it.
        support: `full`, or `partial` where the two ecosystems differ a little.
    """

    id: int
    model_id: int
    name: str
    version: str
    type: str
    base_model: str
    support: str
    official: bool
    trained_words: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The entry of a listing, under the names that resource records have."""
        said = asdict(self)
        said["modelId"], said["baseModel"] = said.pop("model_id"), said.pop("base_model")
        said["trainedWords"] = list(said.pop("trained_words"))
        return said


@dataclass(frozen=True, slots=True)
class Picked:
    """A page of resources; `next` is where the following page starts, None after the last."""

    resources: list[Resource]
    next: int | None


#: What fits: `{type: {base model by display name: how well}}`.
Fitting = Mapping[str, Mapping[str, str]]


def fitting(catalog: Catalog, ecosystem: str, types: Sequence[str]) -> Fitting:
    """The base models whose resources of each type may be used with checkpoints of an ecosystem.

    Raises:
        NotFound: there is no such ecosystem.
    """
    key = catalog.ecosystem(ecosystem).key
    return {
        kind: {
            base.name: level
            for one in catalog.all_ecosystems()
            if (level := _level(catalog, key, one.key, kind)) != "none"
            for base in one.base_models
        }
        for kind in types
    }


def resources_for(
    database: Database,
    backend: Backend,
    fits: Fitting,
    words: str = "",
    sort: str = "popularity",
    *,
    start: int = 0,
    limit: int = 20,
) -> Picked:
    """A page of versions that fit, generate, and are for everybody: the best one of each model.

    Args:
        start: a `next` of an earlier page.
    """
    with database.reading() as connection:
        official, kept = official_models(connection), partial(withheld, connection)
        return find_resources(backend, official, fits, kept, words, sort, start, limit)


def find_resources(
    backend: Backend,
    official: Sequence[int],
    fits: Fitting,
    withheld: Callable[[Sequence[int]], Collection[int]],
    words: str = "",
    sort: str = "popularity",
    start: int = 0,
    limit: int = 20,
) -> Picked:
    """A page of versions, from the index and what is known besides.

    The index knows of models only whether any of their versions generates; which one does, and fits, is
    decided here.

    Args:
        official: ids of official models; they come first.
        withheld: which of some versions are not for everybody.
        start: a `next` of an earlier page.
    """
    rule = SORTS[sort]
    found: list[Resource] = []
    pinned = set(official)
    for at, hits in _pages(backend, official, _filter(fits), words, (rule,) if rule else (), start):
        kept = withheld([one["id"] for hit in hits for one in hit["versions"]])
        for place, hit in enumerate(hits, at):
            resource = _best_of(hit, fits, kept, hit["id"] in pinned)
            if resource and len(found) == limit:
                return Picked(found, place)
            if resource:
                found.append(resource)
    return Picked(found, None)


def official_models(connection: Connection) -> list[int]:
    """Ids of published official models."""
    from sqlalchemy import select

    from civgen.db.tables import table

    model = table("Model").c
    query = select(model.id).where(model.isOfficial, model.status == "Published").order_by(model.id)
    return list(connection.scalars(query))


def withheld(connection: Connection, version_ids: Sequence[int]) -> set[int]:
    """Which of some versions only their owner or a moderator may use."""
    from sqlalchemy import or_, select

    from civgen.db.dialects import among
    from civgen.db.tables import table

    version = table("ModelVersion").c
    not_for_all = or_(version.availability == "Private", version.usageControl == "InternalGeneration")
    return set(
        connection.scalars(select(version.id).where(among(version.id, list(version_ids)), not_for_all))
    )


def _level(catalog: Catalog, checkpoint: str, other: str, kind: str) -> str:
    if kind == CHECKPOINT:
        return "full" if checkpoint == other else "none"
    return catalog.compatibility(checkpoint, other, kind).level


def _filter(fits: Fitting) -> Filter:
    either = Either(
        tuple(All((has("type", kind), has("versions.baseModel", *names))) for kind, names in fits.items())
    )
    return All(
        (
            has("canGenerate", True),
            Not(has("availability", "Private")),
            Not(has("tags.name", "celebrity")),
            either,
        )
    )


def _pages(
    backend: Backend, official: Sequence[int], wanted: Filter, words: str, sort: tuple[str, ...], start: int
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Hits with the place of the first in the listing: the official ones, then the others."""
    pinned = has("id", *official)
    parts = [All((wanted, pinned)), All((wanted, Not(pinned)))] if official else [wanted]
    before = 0
    for part in parts:
        total = backend.search(Query(words, part, limit=0)).total
        at = max(start, before)
        while at < before + total:
            page = backend.search(Query(words, part, sort, offset=at - before, limit=_LOOK)).hits
            if not page:
                break
            yield at, page
            at += len(page)
        before += total


def _best_of(
    hit: Mapping[str, Any], fits: Fitting, withheld: Collection[int], official: bool
) -> Resource | None:
    """The first of its versions that fit in full, else the first that fits at all."""
    names = fits.get(hit["type"], {})
    usable = [
        one
        for one in hit["versions"]
        if one.get("canGenerate") and one["baseModel"] in names and one["id"] not in withheld
    ]
    if not usable:
        return None
    one = min(usable, key=lambda version: names[version["baseModel"]] != "full")
    return Resource(
        one["id"],
        hit["id"],
        hit["name"],
        one["name"],
        hit["type"],
        one["baseModel"],
        names[one["baseModel"]],
        official,
        tuple(one.get("trainedWords") or ()),
    )
