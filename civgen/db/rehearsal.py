"""What a database would say: one in memory, with the rows that the catalogue wants and no others.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from civgen.catalog.catalog import Catalog
from civgen.db import schema
from civgen.db.apply import timestamp
from civgen.db.planning import make_plan
from civgen.db.sqlite import new_engine, prepare_writing
from civgen.db.write import write


@contextmanager
def rehearsed(catalog: Catalog) -> Iterator[Connection]:
    """An empty local database to which the catalogue's plan was applied; it is gone afterwards."""
    with new_engine(Path(":memory:"), 0).connect() as connection:
        prepare_writing(connection)
        with connection.begin():
            schema.make(connection)
            write(connection, make_plan(connection, catalog).changes, timestamp())
            yield connection
