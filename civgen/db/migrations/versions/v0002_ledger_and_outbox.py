"""A ledger of the rows that are civgen's own, an outbox for the search index, and plans that undo others."""

from __future__ import annotations

from typing import Any

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
        sa.Column("applied_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("row_keys", sa.JSON, nullable=False),
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
    owned: dict[tuple[str, tuple[object, ...]], tuple[int, str]] = {}
    for plan, changes in connection.execute(sa.select(plans).order_by(plans.c.id)).all():
        for change in changes:
            which = change["table"], tuple(change["key"].values())
            if change["action"] == "create":
                owned[which] = plan, change["reason"]
            elif change["action"] == "delete":
                owned.pop(which, None)
    found: dict[tuple[int, str], dict[str, list[tuple[object, ...]]]] = {}
    for (of, key), (one, reason) in owned.items():
        found.setdefault((one, of), {}).setdefault(reason, []).append(key)
    keys: list[Any] = [sa.column("applied_id"), sa.column("table_name"), sa.column("row_keys", sa.JSON)]
    rows = [{"applied_id": one, "table_name": of, "row_keys": said} for (one, of), said in found.items()]
    if rows:
        connection.execute(sa.table(ledger, *keys, schema=schema).insert(), rows)
