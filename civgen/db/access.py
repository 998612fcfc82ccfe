"""How to get at an environment's database: its URL, and beside it the secrets, which nothing prints.

The URL is `civgen.toml`'s, or that of the variable `CIVGEN_DATABASE_URL_<NAME>`, which may hold a
password. Else the password comes from `CIVGEN_DATABASE_PASSWORD_<NAME>`, `CIVGEN_DATABASE_PASSWORD`
or the keyring, and where there is none, from what PostgreSQL's own library reads (PGPASSWORD, .pgpass).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from civgen.errors import InvalidInput
from civgen.settings import Environment
from civgen.tokens import Token

if TYPE_CHECKING:
    from pydantic import SecretStr

_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_EXAMPLES = 'database = "sqlite:///.civgen/local.db" or database = "postgresql://user@host:5432/name"'


@dataclass(frozen=True, slots=True)
class Access:
    """A database's URL without any secret, and the secrets by the name that the driver has for them."""

    url: str
    secrets: tuple[tuple[str, SecretStr], ...] = ()

    @property
    def is_postgresql(self) -> bool:
        """Whether it is a PostgreSQL server; else it is an SQLite file."""
        return self.url.partition(":")[0] in _POSTGRESQL


def access_to(environment: Environment) -> Access:
    """Where an environment's database is, and how to get in.

    Raises:
        InvalidInput: the URL cannot be read, or is of a kind that is not supported. Neither is repeated,
            since there may be a password in it.
    """
    given = os.environ.get(f"CIVGEN_DATABASE_URL_{_variable(environment)}", environment.database)
    kind = given.partition(":")[0]
    if kind.startswith("sqlite"):
        return Access(given)
    if kind not in _POSTGRESQL:
        raise InvalidInput(
            f"The database of the environment {environment.name} is neither SQLite nor PostgreSQL.",
            hint=f"In civgen.toml write, for instance: {_EXAMPLES}",
        )
    access = _apart(given, environment)
    if access.secrets:
        return access
    password = find_password(environment)
    return Access(access.url, (("password", password.secret),) if password else ())


def _apart(given: str, environment: Environment) -> Access:
    """A URL, and the secrets that stood in it."""
    from pydantic import SecretStr

    try:
        parts = urlsplit(given)
        is_whole = not parts.fragment and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise InvalidInput(
            f"The URL of the database of the environment {environment.name} cannot be read.",
            hint=f"Write, for instance, {_EXAMPLES.rpartition(' or ')[2]}; in a password, "
            "percent-encode what is neither letter nor digit.",
        )
    said = {"password": unquote(parts.password)} if parts.password else {}
    query = parse_qsl(parts.query, keep_blank_values=True)
    said |= {name: value for name, value in query if name.endswith("password")}
    rest = urlencode([(name, value) for name, value in query if not name.endswith("password")])
    user, at, place = parts.netloc.rpartition("@")
    netloc = f"{quote(unquote(user.partition(':')[0]))}{at}{place}"
    url = f"postgresql+psycopg://{netloc}{parts.path}{'?' if rest else ''}{rest}"
    return Access(url, tuple((name, SecretStr(value)) for name, value in said.items()))


def find_password(environment: Environment) -> Token | None:
    """The password that civgen was given beside the URL, and where it was found."""
    from pydantic import SecretStr

    for name in (f"CIVGEN_DATABASE_PASSWORD_{_variable(environment)}", "CIVGEN_DATABASE_PASSWORD"):
        if name in os.environ:
            return Token(SecretStr(os.environ[name]), "variable", name)
    if "PGPASSWORD" in os.environ:
        return None
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password("civgen", f"{environment.name}/database")
    except KeyringError:
        kept = None
    return Token(SecretStr(kept), "keyring", keyring.get_keyring().name) if kept else None


def _variable(environment: Environment) -> str:
    return environment.name.upper().replace("-", "_")
