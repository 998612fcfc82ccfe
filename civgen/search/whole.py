"""Catalogue, database and index at one glance: where each stands, and what the next is still to hear of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from civgen.catalog.catalog import Catalog
from civgen.db.connect import Database
from civgen.db.status import status_of
from civgen.errors import CivgenError, counted
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


@dataclass(frozen=True)
class Whole:
    """All steps.

    Attributes:
        troubles: why something could not be looked at; its step says so, too.
    """

    steps: list[Step]
    troubles: list[CivgenError]


def whole_status(catalog: Catalog, database: Database, backend: Backend) -> Whole:
    """What is planned but not applied, applied but not indexed, indexed but not generatable.

    Each step is looked at by itself: a server that is down hides nothing of the others.
    """
    generating = sum(1 for one in catalog.all_ecosystems() if one.engine)
    whole = Whole([Step("catalogue", f"{generating} ecosystems generate", 0, None)], [])
    looks: dict[str, Callable[[], Step]] = {
        "database": lambda: _rows(catalog, database),
        "index": lambda: _index(catalog, database, backend),
        "generating": lambda: _generating(catalog, database, backend),
    }
    for name, look in looks.items():
        try:
            whole.steps.append(look())
        except CivgenError as error:
            if str(error) not in map(str, whole.troubles):
                whole.troubles.append(error)
            whole.steps.append(Step(name, f"not known: {error.message}", 1, None))
    return whole


def _rows(catalog: Catalog, database: Database) -> Step:
    found = status_of(database, catalog)
    says = (
        f"{counted(found.pending, 'change')} planned and not applied"
        if found.pending
        else "nothing is planned"
    )
    return Step("database", f"{found.database}: {says}", *_open(found.pending, "civgen db apply"))


def _index(catalog: Catalog, database: Database, backend: Backend) -> Step:
    with database.reading() as connection:
        found = plan_search(connection, catalog, backend)
    behind = [counted(len(found.documents), "document")] if found.documents else []
    behind += [counted(len(found.settings), "setting")] if found.settings else []
    if found.settings is None and not found.documents:
        says = "there is no index yet, and nothing to put into it"
    else:
        says = f"{' and '.join(behind)} behind the rows" if behind else "all is as the rows say"
    number = len(found.documents) + len(found.settings or ())
    return Step("index", f"{backend.place}: {says}", *_open(number, "civgen search sync"))


def _generating(catalog: Catalog, database: Database, backend: Backend) -> Step:
    found = backend.fetch(_offered(catalog, database), ["id", "canGenerate"])
    idle = sorted(number for number, one in found.items() if not one.get("canGenerate"))
    first = f"civgen search explain {idle[0]}" if idle else ""
    return Step("generating", _idle(len(found), len(idle)), *_open(len(idle), first))


def _open(count: int, do: str) -> tuple[int, str | None]:
    return count, do if count else None


def _idle(indexed: int, idle: int) -> str:
    if not indexed:
        return "no model that the catalogue offers is indexed"
    if not idle:
        return "every indexed model that the catalogue offers generates"
    return f"{counted(idle, 'model')} of {indexed} that the catalogue offers do not generate"


def _offered(catalog: Catalog, database: Database) -> list[int]:
    """The models of all versions that the catalogue says generate, as the rows have them."""
    from sqlalchemy import select

    from civgen.db.dialects import among
    from civgen.db.tables import table

    generating = [eco for eco in catalog.all_ecosystems() if eco.engine]
    versions = [one.id for eco in generating for one in eco.versions if one.type in eco.support.generation]
    version = table("ModelVersion").c
    query = select(version.modelId).distinct().where(among(version.id, versions)).order_by(version.modelId)
    with database.reading() as connection:
        return list(connection.scalars(query))
