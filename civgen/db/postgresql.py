"""PostgreSQL through psycopg: connections, the lock, and rows in bulk.

Every transaction has a connection of its own, so that whatever ends the process ends the lock, too.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import JSON, Connection, Engine, NullPool, Table, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from civgen.db.access import Access
from civgen.db.changes import to_json
from civgen.errors import Unavailable

#: Seconds to wait for a server to answer.
_CONNECTING = 10
#: Number of the advisory lock under which civgen writes.
LOCK = int.from_bytes(b"civgen")
_LOCK_TIMEOUT = "55P03"
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


def new_engine(access: Access) -> Engine:
    """An engine for a server; the secrets go to the driver, and stand in no URL."""
    arguments: dict[str, Any] = {"application_name": _who(), "connect_timeout": _CONNECTING}
    arguments |= {name: secret.get_secret_value() for name, secret in access.secrets}
    # Statements are not prepared, so that a pooler between us and the server may change connections.
    arguments["prepare_threshold"] = None
    url = make_url(access.url)
    return create_engine(
        url, poolclass=NullPool, connect_args=arguments, json_serializer=to_json, json_deserializer=from_json
    )


def place_of(access: Access) -> str:
    """Where it is, for people: no password, no parameters."""
    url = make_url(access.url)
    host = url.host or url.query.get("host")
    name = f"the database {url.database}" if url.database else "the default database"
    port = f":{url.port}" if url.port else ""
    return f"{name} on {host}{port}" if host else f"{name} on this machine"


def prepare_reading(connection: Connection) -> None:
    """Let the next transaction be one that only reads, all of it as of one moment."""
    connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def prepare_writing(connection: Connection) -> None:
    """Let each statement of the next transaction see what was committed before it.

    A moment frozen at the first statement would be that before the lock was had.
    """
    connection.execution_options(isolation_level="READ COMMITTED")


def lock(connection: Connection, place: str, patience: float) -> None:
    """Wait for the lock under which civgen writes; it ends with the transaction.

    Raises:
        Unavailable: another process keeps it for longer than `patience` seconds.
    """
    connection.execute(text(f"SET LOCAL lock_timeout = {int(patience * 1000)}"))
    connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    try:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_TIMEOUT:
            raise
        raise Unavailable(
            f"{place} is in use: {_holder(connection.engine)} is writing to it.",
            hint="Try again when that has ended.",
        ) from error


def may_make(connection: Connection) -> bool:
    """Whether civgen may make its tables in an empty one: only on this machine."""
    host = _driver(connection).info.host
    return host in _LOCAL or host.startswith("/")


def make_folder(_: object) -> None:
    """Nothing: a server keeps its own."""


def after_making(_: Engine) -> None:
    """Nothing: there readers work beside a writer anyway."""


def copy(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows in one stream.

    Args:
        rows: a value for each of `columns`, None for null.
    """
    quote = connection.dialect.identifier_preparer
    documents = [isinstance(_kind(connection, table, name), JSON) for name in columns]
    if any(documents):
        rows = ([_dumped(*cell) for cell in zip(row, documents, strict=True)] for row in rows)
    names = ", ".join(quote.quote(name) for name in columns)
    statement = f"COPY {quote.format_table(table)} ({names}) FROM STDIN"
    with _driver(connection).cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)


def _kind(connection: Connection, table: Table, name: str) -> Any:
    return table.c[name].type.dialect_impl(connection.dialect)


def _dumped(value: Any, is_document: bool) -> Any:
    return json.dumps(value) if is_document and value is not None else value


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _holder(engine: Engine) -> str:
    """Who has the lock: its name for itself, and since when."""
    query = text(
        "SELECT coalesce(nullif(a.application_name, ''), a.usename), a.pid, a.xact_start FROM pg_locks l "
        "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND (l.classid::bigint << 32 | l.objid::bigint) = :lock"
    )
    with engine.connect() as connection:
        found = connection.execute(query, {"lock": LOCK}).first()
    if found is None:
        return "another process"
    name, pid, since = found
    return f"{name or 'another user'} (process {pid}{f', since {since:%H:%M:%S}' if since else ''})"


def _who() -> str:
    """How civgen names itself to the server, for whoever has to wait for it."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "somebody"
    return f"civgen of {user} at {socket.gethostname()}"[:63]
