"""A ledger of the rows that are civgen's own, an outbox for the search index, and plans that undo others."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import context, op

from civgen.db.own import own_name

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, and fill the ledger from the plans that were applied."""
    dialect = context.get_context().dialect.name
    applied, schema = own_name(dialect, "applied")
    ledger, outbox = (own_name(dialect, name)[0] for name in ("ledger", "outbox"))
    op.add_column(applied, sa.Column("undoes", sa.Integer), schema=schema)
    op.create_table(
        ledger,
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("row_key", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("applied_id", sa.Integer, nullable=False),
        schema=schema,
    )
    op.create_table(
        outbox,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model_id", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        schema=schema,
        sqlite_autoincrement=True,
    )
    op.create_index("civgen_outbox_model_id_idx", outbox, ["model_id"], schema=schema)
    if not context.is_offline_mode():
        _fill(op.get_bind(), applied, ledger, schema)


def _fill(connection: sa.Connection, applied: str, ledger: str, schema: str | None) -> None:
    """Rows that were created and not deleted since."""
    plans = sa.table(applied, sa.column("id"), sa.column("changes", sa.JSON), schema=schema)
    owned: dict[tuple[str, str], dict[str, object]] = {}
    for number, changes in connection.execute(sa.select(plans).order_by(plans.c.id)).all():
        for change in changes:
            row = {"table_name": change["table"], "row_key": json.dumps(change["key"])}
            if change["action"] == "create":
                owned[*row.values()] = row | {"reason": change["reason"], "applied_id": number}
            elif change["action"] == "delete":
                owned.pop(tuple(row.values()), None)
    names = ("table_name", "row_key", "reason", "applied_id")
    if owned:
        connection.execute(
            sa.table(ledger, *map(sa.column, names), schema=schema).insert(), list(owned.values())
        )
