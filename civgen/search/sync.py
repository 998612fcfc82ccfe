"""Bringing an index up to date: few large batches, and nothing forgotten before its task has succeeded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.errors import Refused
from civgen.garbage import rarely_collected
from civgen.search.backends import Backend
from civgen.search.documents import HASH, as_json, merged
from civgen.search.plan import ABSENT, Wanted, wanted_documents
from civgen.search.sending import BATCH_DOCUMENTS, Sending, Synced, batches

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: So many documents may always go.
_FEW = 10
#: Ids that are looked up in the index at once.
LOOK_UP = 1000


def sync(
    connection: Connection,
    catalog: Catalog,
    backend: Backend,
    ids: Iterable[int] | None = None,
    progress: Callable[[Synced], None] = lambda _: None,
    *,
    allow_many: bool = False,
) -> Synced:
    """Write what is missing or stale, and remove what is orphaned.

    An index that is not there is made, with its settings. Returns only when every task has succeeded.

    Args:
        ids: of the models to look at; all of them, and all that the index has, without.
        allow_many: let many documents go whose models the database does not have.

    Raises:
        Refused: more of them would go than anyone means by accident; nothing was written.
        AnswerIsNo: the server rejected something; what was not written is found again by the next sync.
        Unavailable: the server does not answer; likewise.
    """
    done = Synced()
    if backend.settings() is None:
        backend.wait([backend.write_settings(backend.index.settings)])
        done.settings = list(backend.index.settings)
    wanted = wanted_documents(connection, catalog, backend.index, ids)
    there = None if ids is not None else dict(backend.hashes())
    if there and not allow_many:
        _refuse_many(connection, backend, there)
    gone: list[int] = []
    with rarely_collected(), Sending(backend, done, progress) as sending:
        for batch in batches(_stale(wanted, there, backend, gone)):
            sending.update(batch)
        gone.extend(there or ())
        for start in range(0, len(gone), BATCH_DOCUMENTS):
            sending.delete(gone[start : start + BATCH_DOCUMENTS])
    return done


def _refuse_many(connection: Connection, backend: Backend, there: Collection[int]) -> None:
    from sqlalchemy import select

    from civgen.db.planning import MANY_SHARE
    from civgen.db.tables import table

    going = len(there) - sum(
        1 for number in connection.scalars(select(table("Model").c.id)) if number in there
    )
    if going > max(_FEW, len(there) * MANY_SHARE):
        raise Refused(
            f"{going:,} of {len(there):,} documents of {backend.place} are of models that the database does "
            f"not have: more than {MANY_SHARE:.0%}.",
            hint="Is this the database of this index? Pass --allow-many if they are to go.",
        )


def _stale(
    wanted: Iterator[Wanted], there: dict[int, str | None] | None, backend: Backend, gone: list[int]
) -> Iterator[bytes]:
    """Documents to write as JSON, merged with what is there; ids to remove go into `gone`."""
    changed: list[Wanted] = []
    for one, found in _beside(wanted, there, backend):
        if one.document is None:
            if found is not ABSENT:
                gone.append(one.id)
        elif found is ABSENT:
            yield one.body
        elif found != one.document[HASH]:
            changed.append(one)
            if len(changed) == LOOK_UP:
                yield from _over_what_is_there(changed, backend)
                changed = []
    yield from _over_what_is_there(changed, backend)


def _beside(
    wanted: Iterator[Wanted], there: dict[int, str | None] | None, backend: Backend
) -> Iterator[tuple[Wanted, Any]]:
    """Each with the hash of the document that is there, or ABSENT.

    Hashes are taken out of `there`: what is left afterwards is in the index and in no row.
    """
    if there is not None:
        for one in wanted:
            yield one, there.pop(one.id, ABSENT)
    while some := list(islice(wanted, LOOK_UP)):
        known = backend.fetch([one.id for one in some], ["id", HASH])
        for one in some:
            yield one, known[one.id].get(HASH) if one.id in known else ABSENT


def _over_what_is_there(changed: list[Wanted], backend: Backend) -> Iterator[bytes]:
    old = backend.fetch([one.id for one in changed], ["id", "version", "versions"]) if changed else {}
    for one in changed:
        yield as_json(merged(old[one.id], one.document or {})) if one.id in old else one.body
