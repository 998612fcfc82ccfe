"""What Alembic runs: the revisions of civgen's own tables, on a connection that is given.

Without a connection the statements are written down in place of being run.
"""

from __future__ import annotations

from alembic import context

from civgen.db.own import SCHEMA, own_name

_connection = context.config.attributes.get("connection")
_dialect = context.config.attributes["dialect"]
_version, _schema = own_name(_dialect, "version")

context.configure(
    connection=_connection,
    dialect_name=_dialect,
    version_table=_version,
    version_table_schema=_schema,
    literal_binds=_connection is None,
)
if context.config.attributes["needs_schema"]:
    context.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
context.run_migrations()
