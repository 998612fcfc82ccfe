"""An index made anew beside the old one, and exchanged with it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from civgen.catalog.catalog import Catalog
from civgen.garbage import rarely_collected
from civgen.search.backends import Backend, Damaged
from civgen.search.documents import Document, as_json, merged
from civgen.search.plan import wanted_documents
from civgen.search.sending import Sending, Synced, batches
from civgen.search.sync import LOOK_UP

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: What the name of an index under construction ends with, as on the platform.
NEW = "_NEW"


def rebuild(
    connection: Connection,
    catalog: Catalog,
    backend: Backend,
    progress: Callable[[Synced], None] = lambda _: None,
) -> Synced:
    """Fill a new index and put it in the place of the old one; readers see one or the other.

    What others wrote into documents, and the server shows, is taken along, unless it cannot be read. One
    that was cut off is begun again from nothing.

    Raises:
        AnswerIsNo, Unavailable: as in `sync`; the index in use is as it was.
    """
    new = backend.beside(NEW)
    if new.settings() is not None:
        new.wait([new.drop()])
    new.wait([new.write_settings(backend.index.settings)])
    done = Synced(settings=list(backend.index.settings))
    with rarely_collected(), Sending(new, done, progress) as sending:
        for batch in batches(_whole(connection, catalog, backend)):
            sending.update(batch)
    with suppress(Damaged):
        if backend.settings() is None:
            backend.wait([backend.write_settings(backend.index.settings)])
    backend.wait([backend.swap(new)])
    new.wait([new.drop()])
    return done


def _readable(backend: Backend, ids: list[int]) -> dict[int, Document]:
    """The documents that are there; none where they cannot be read, which is what one rebuilds for."""
    try:
        return backend.fetch(ids)
    except Damaged:
        return {}


def _whole(connection: Connection, catalog: Catalog, backend: Backend) -> Iterator[bytes]:
    """Every document as JSON, over what the old index has of it."""
    wanted = (one for one in wanted_documents(connection, catalog, backend.index) if one.document)
    while some := list(islice(wanted, LOOK_UP)):
        old = _readable(backend, [one.id for one in some])
        for one in some:
            assert one.document is not None
            there = old.get(one.id)
            yield as_json({**there, **merged(there, one.document)}) if there else one.body
