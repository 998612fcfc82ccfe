"""Catalogue, database and index at one glance: where each stands, and what the next is still to hear of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from civgen.catalog.catalog import Catalog
from civgen.db.connect import Database
from civgen.db.status import status_of
from civgen.search.backends import Backend
from civgen.search.plan import plan_search


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from a file to a model that is found.

    Attributes:
        open: how many things wait to be done here.
        do: the command that does them; None when nothing waits.
    """

    name: str
    says: str
    open: int
    do: str | None

    def as_json(self) -> dict[str, Any]:
        """`{"name", "says", "open", "do"}`."""
        return asdict(self)


def whole_status(catalog: Catalog, database: Database, backend: Backend) -> list[Step]:
    """What is planned but not applied, applied but not indexed, indexed but not generatable."""
    rows = status_of(database, catalog)
    with database.reading() as connection:
        planned = plan_search(connection, catalog, backend)
    index = len(planned.documents) + len(planned.settings or ())
    idle = _not_generating(catalog, backend)
    generating = sum(1 for one in catalog.all_ecosystems() if one.engine)
    pending = f"{rows.database}: {rows.pending} changes planned and not applied"
    behind = f"{backend.place}: {index} documents and settings behind the rows"
    first = f"civgen search explain {idle[0] if idle else ''}"
    return [
        Step("catalogue", f"{generating} ecosystems generate", 0, None),
        Step("database", pending, *_open(rows.pending, "civgen db apply")),
        Step("index", behind, *_open(index, "civgen search sync")),
        Step("generating", _idle(idle), *_open(len(idle), first)),
    ]


def _open(count: int, do: str) -> tuple[int, str | None]:
    return count, do if count else None


def _idle(models: list[int]) -> str:
    if not models:
        return "every indexed model that the catalogue offers generates"
    return f"{len(models)} models that the catalogue offers are indexed and do not generate"


def _not_generating(catalog: Catalog, backend: Backend) -> list[int]:
    offered = {
        one.model_id
        for eco in catalog.all_ecosystems()
        for one in eco.versions
        if one.model_id and eco.engine
    }
    found = backend.fetch(sorted(offered), ["id", "canGenerate"])
    return sorted(number for number, one in found.items() if not one.get("canGenerate"))
