"""Plans that were applied.

The first version of civgen made this table without keeping revisions, so it may be there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from civgen.db.own import own_name

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table where it is missing."""
    name, schema = own_name(context.get_context().dialect.name, "applied")
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        schema=schema,
        if_not_exists=True,
    )
