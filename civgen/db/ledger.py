"""What civgen applied to a database: civgen's own table, and the rows that are therefore its own.

A row is civgen's when it created it and has not deleted it since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from civgen.db.changes import Change, Create, Identity, identity

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


@cache
def applied_table() -> Table:
    """`civgen_applied`: one row a plan that was applied."""
    from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, Table, Text

    return Table(
        "civgen_applied",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("at", DateTime, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("changes", JSON, nullable=False),
    )


def record(connection: Connection, fingerprint: str, changes: Sequence[Change], at: datetime) -> int:
    """Note that a plan was applied, and answer the note's id.

    Args:
        at: when, in UTC without a zone.
    """
    values = {"at": at, "fingerprint": fingerprint, "changes": [change.as_json() for change in changes]}
    table = applied_table()
    return int(connection.execute(table.insert().values(values).returning(table.c.id)).scalar_one())


def owned_rows(connection: Connection) -> dict[Identity, Create]:
    """The rows that are civgen's own, each as the change that created it."""
    from sqlalchemy import select

    table = applied_table()
    owned: dict[Identity, Create] = {}
    for changes in connection.scalars(select(table.c.changes).order_by(table.c.id)):
        for change in changes:
            if change["action"] == "create":
                owned[identity(change["table"], change["key"])] = Create(**change)
            elif change["action"] == "delete":
                owned.pop(identity(change["table"], change["key"]), None)
    return owned
