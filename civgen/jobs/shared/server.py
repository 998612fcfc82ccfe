"""The PostgreSQL server of an environment, where the queue lies."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from civgen.db.access import Access, access_to
from civgen.errors import InvalidInput

if TYPE_CHECKING:
    from civgen.settings import Environment

#: Where the queue lies in a database.
SCHEMA = "civgen_queue"
SEARCH_PATH = f"SET search_path TO {SCHEMA}"
#: Seconds to wait for a server to answer.
_CONNECTING = 10


@dataclass(frozen=True)
class Server:
    """How to get there.

    Attributes:
        place: where it is, for people; never with a password.
    """

    access: Access
    place: str

    @property
    def url(self) -> str:
        """As libpq reads it, without any secret."""
        return self.access.url.replace("postgresql+psycopg://", "postgresql://", 1)

    def arguments(self) -> dict[str, Any]:
        """What the driver takes beside the URL, secrets among it.

        Statements are not prepared, so that a pooler between us and the server may change connections.
        """
        known = {"application_name": f"civgen queue at {socket.gethostname()}"[:63]}
        secrets = {name: secret.get_secret_value() for name, secret in self.access.secrets}
        return {**known, "connect_timeout": _CONNECTING, "prepare_threshold": None, **secrets}


def has_server(environment: Environment) -> bool:
    """Whether an environment has a PostgreSQL database."""
    return access_to(environment).is_postgresql


def server_of(environment: Environment) -> Server:
    """The server of an environment; nothing is connected yet.

    Raises:
        InvalidInput: it has none, or procrastinate is not installed.
    """
    access = access_to(environment)
    if not access.is_postgresql:
        raise InvalidInput(
            f"The environment {environment.name} keeps its data in SQLite; a queue for several workers needs "
            "PostgreSQL.",
            hint='In civgen.toml write, for instance: database = "postgresql://user@host:5432/name"; '
            "or leave out --distributed, and run the batch here.",
        )
    try:
        import procrastinate  # noqa: F401
    except ImportError:
        raise InvalidInput(
            "The queue needs procrastinate, which is not installed.", hint="pip install 'civgen[queue]'"
        ) from None
    from civgen.db.postgresql import place_of

    return Server(access, place_of(access))
