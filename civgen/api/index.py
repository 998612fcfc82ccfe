"""The models index of a workspace's environment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civgen.api.workspace import Workspace
    from civgen.search.backends import Backend, Found
    from civgen.search.picker import Picked
    from civgen.search.plan import SearchPlan
    from civgen.search.sending import Synced


class Search:
    """The models index: what it lacks, bringing it up to date, and finding things in it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @contextmanager
    def opened(self) -> Iterator[Backend]:
        """The index itself, closed in the end."""
        from civgen.search.backends import open_backend
        from civgen.search.settings import models_index

        workspace = self._workspace
        backend = open_backend(workspace.environment, workspace.home.required, models_index())
        try:
            yield backend
        finally:
            backend.close()

    def plan(self) -> SearchPlan:
        """Which documents are missing, stale or orphaned, and which settings differ."""
        from civgen.search.plan import plan_search

        with self.opened() as backend, self._workspace.db.database.reading() as connection:
            return plan_search(connection, self._workspace.catalog, backend)

    def sync(self, models: Sequence[int] = (), *, pending: bool = False, allow_many: bool = False) -> Synced:
        """Write what is missing or stale, remove what is orphaned, and wait until it is done.

        Args:
            models: only these; by default all.
            pending: only those whose rows civgen changed since the last sync.
            allow_many: let many documents go whose models the database does not have.

        Raises:
            Refused: so many would go that this may be another index's database.
        """
        from civgen.search.pending import sync_models

        database, catalog = self._workspace.db.database, self._workspace.catalog
        with self.opened() as backend:
            ids = list(models) or None
            return sync_models(database, catalog, backend, ids=ids, pending=pending, allow_many=allow_many)

    def query(
        self, words: str = "", condition: str | None = None, *, limit: int = 20, offset: int = 0
    ) -> Found:
        """Look for models.

        Args:
            condition: such as `type = LORA AND canGenerate = true`.

        Raises:
            InvalidInput: the condition cannot be read.
        """
        from civgen.search.backends import Query
        from civgen.search.filters import parse

        with self.opened() as backend:
            wanted = parse(condition) if condition else None
            return backend.search(Query(words, wanted, offset=offset, limit=limit))

    def resources(
        self,
        ecosystem: str,
        words: str = "",
        types: Sequence[str] = (),
        sort: str = "popularity",
        *,
        limit: int = 20,
        cursor: int = 0,
    ) -> Picked:
        """Versions that fit an ecosystem and generate, official ones first.

        Args:
            types: such as `LORA`; by default all add-ons that it takes.
            sort: `popularity`, `newest` or `relevance`.
        """
        from civgen.search.picker import fitting, resources_for

        catalog = self._workspace.catalog
        taken = list(catalog.ecosystem(ecosystem).support.generation)
        chosen = list(types) or [one for one in taken if one != "Checkpoint"] or taken
        fits = fitting(catalog, ecosystem, chosen)
        database = self._workspace.db.database
        with self.opened() as backend:
            return resources_for(database, backend, fits, words, sort, start=cursor, limit=limit)
