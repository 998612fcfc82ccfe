"""The tables of the queue: made on first use, all at once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from civgen.errors import Refused
from civgen.jobs.shared.server import SCHEMA, SEARCH_PATH

if TYPE_CHECKING:
    import psycopg

#: Number of the advisory lock under which the queue's journal is written.
LOCK = int.from_bytes(b"civqueue")

#: The journal's tables, as `civgen.jobs.journal` has them, and the lines that were given. What a batch has
#: spent is kept by the database itself, so that it is always what its lines say.
_TABLES = """
CREATE TABLE format (version text NOT NULL);
CREATE TABLE submissions (
    external_id text PRIMARY KEY,
    environment text NOT NULL,
    asked_at text NOT NULL,
    body_hash text NOT NULL,
    body text NOT NULL,
    workflow_id text
);
CREATE TABLE batches (
    id text PRIMARY KEY,
    environment text NOT NULL,
    created_at text NOT NULL,
    source text NOT NULL,
    fingerprint text NOT NULL,
    total integer NOT NULL,
    terms text NOT NULL,
    canceled_at text,
    orchestrator text,
    records text,
    stopped text,
    spent double precision NOT NULL DEFAULT 0
);
CREATE TABLE texts (
    batch text NOT NULL,
    number integer NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (batch, number)
);
CREATE TABLE lines (
    batch text NOT NULL REFERENCES batches (id),
    number integer NOT NULL,
    state text NOT NULL,
    external_id text,
    price double precision,
    lost double precision NOT NULL DEFAULT 0,
    workflow_id text,
    status text,
    answer text,
    PRIMARY KEY (batch, number)
);
CREATE FUNCTION cost_of(line lines) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(line.lost, 0)
        + CASE WHEN line.state IN ('asked', 'accepted') THEN coalesce(line.price, 0) ELSE 0 END
$$;
CREATE FUNCTION count_spent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more double precision := cost_of(NEW);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        more := more - cost_of(OLD);
    END IF;
    IF more <> 0 THEN
        UPDATE batches SET spent = spent + more WHERE id = NEW.batch;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_spent AFTER INSERT OR UPDATE ON lines FOR EACH ROW EXECUTE FUNCTION count_spent();
"""


def are_made(connection: psycopg.Connection) -> bool:
    """Whether there is a queue in this database.

    Raises:
        Refused: another civgen or procrastinate made it.
    """
    found = connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.format",)).fetchone()
    if found is None or found[0] is None:
        return False
    made = connection.execute(f"SELECT version FROM {SCHEMA}.format").fetchone()
    if made is None or made[0] != _version():
        raise Refused(
            "The queue in this database was made by another version of civgen or procrastinate.",
            hint="Use the same versions on all machines. Once its batches are done, the schema "
            f"{SCHEMA} may be dropped, and is made anew.",
        )
    return True


def make(connection: psycopg.Connection) -> None:
    """Make the queue, unless somebody was faster."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        if are_made(connection):
            return
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute(SEARCH_PATH)
        connection.execute((_TABLES + _queue()).encode())
        connection.execute("INSERT INTO format VALUES (%s)", (_version(),))


def _version() -> str:
    return hashlib.sha256((_TABLES + _queue()).encode()).hexdigest()


def _queue() -> str:
    from procrastinate.schema import SchemaManager

    return str(SchemaManager.get_schema())
