"""Syncs in step with the outbox, in which applied plans leave the models they changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civgen.catalog.catalog import Catalog
from civgen.db.connect import Database
from civgen.search.backends import Backend
from civgen.search.rebuild import rebuild
from civgen.search.sending import Synced
from civgen.search.sync import sync


def sync_models(
    database: Database,
    catalog: Catalog,
    backend: Backend,
    *,
    ids: Sequence[int] | None = None,
    pending: bool = False,
    allow_many: bool = False,
    progress: Callable[[Synced], None] = lambda _: None,
) -> Synced:
    """Sync, and take out of the outbox what is then in the index.

    Entries leave the outbox only after their tasks have succeeded: a sync that is cut off is done again.

    Args:
        ids: only these models; they stay in the outbox, which knows no single models.
        pending: only models that are in the outbox.
        allow_many: let many documents go whose models the database does not have.
    """
    from civgen.db.outbox import settle, unsettled

    with database.reading() as connection:
        last, waiting_models = unsettled(connection)
        wanted = ids if ids is not None else waiting_models if pending else None
        done = sync(connection, catalog, backend, wanted, progress, allow_many=allow_many)
    if ids is None and waiting_models:
        with database.writing() as connection:
            settle(connection, last)
    return done


def rebuild_all(
    database: Database,
    catalog: Catalog,
    backend: Backend,
    progress: Callable[[Synced], None] = lambda _: None,
) -> Synced:
    """Rebuild, and take out of the outbox what is then in the index."""
    from civgen.db.outbox import settle, unsettled

    with database.reading() as connection:
        last, models = unsettled(connection)
        done = rebuild(connection, catalog, backend, progress)
    if models:
        with database.writing() as connection:
            settle(connection, last)
    return done
