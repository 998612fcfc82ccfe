"""Environments and secrets.

`civgen.toml` names environments; what it leaves out has the defaults of `local`, which needs nothing
but Python. Secrets never stand in the file: they come from the environment or the system keyring,
and are kept in a type that does not print them.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from civgen import tokens
from civgen.errors import InvalidFile, Problem, display_path, not_found

if TYPE_CHECKING:
    from pydantic import SecretStr

    from civgen.tomlfile import TomlFile

#: The orchestrator that runs inside civgen itself.
SANDBOX = "sandbox"

Currency = Literal["yellow", "blue", "green"]


class Environment(BaseModel):
    """Where one environment's services are.

    Attributes:
        database: SQLAlchemy URL; a relative SQLite path counts from the workspace.
        search: `embedded`, or the URL of a Meilisearch server.
        orchestrator: `sandbox`, or the URL of an orchestrator.
        currencies: Buzz that may be spent, in order.
        tier: membership tier whose limits apply.
        resource_lookup: whether the orchestrator's public resource endpoint is asked about model versions
            of which the database knows nothing, before they are submitted.
        timeout: seconds without a sign of life after which the orchestrator counts as silent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = "local"
    database: str = "sqlite:///.civgen/local.db"
    search: str = "embedded"
    orchestrator: str = SANDBOX
    currencies: list[Currency] = Field(default=["yellow"], min_length=1)
    tier: str = "free"
    resource_lookup: bool = False
    timeout: float = Field(default=30.0, gt=0, le=600, strict=False)

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing leaves this machine and nothing costs anything."""
        return self.orchestrator == SANDBOX

    @cached_property
    def token(self) -> SecretStr:
        """The API token: `CIVGEN_TOKEN_<NAME>`, else `CIVGEN_TOKEN`, else what `civgen auth login` kept.

        Raises:
            NotAuthorised: there is none.
        """
        return tokens.require(self.name, self.orchestrator).secret

    @cached_property
    def search_key(self) -> SecretStr | None:
        """The search server's key: `CIVGEN_SEARCH_KEY_<NAME>`, else `CIVGEN_SEARCH_KEY`, else the keyring's.

        A server on a developer's machine has none.
        """
        found = find_search_key(self)
        return found.secret if found else None


class Settings(BaseModel):
    """What `civgen.toml` says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    default: str = "local"
    environments: dict[str, Environment] = {}

    def environment(self, name: str | None = None) -> Environment:
        """An environment by name; `local` needs no declaration.

        Raises:
            NotFound: with the closest known name as a hint.
        """
        wanted = name or self.default
        if wanted in self.environments:
            return self.environments[wanted].model_copy(update={"name": wanted})
        if wanted == "local":
            return Environment()
        raise not_found("environment", wanted, {"local", *self.environments})


def read_settings(file: TomlFile) -> Settings:
    """The settings of a workspace.

    Raises:
        InvalidFile: with every problem, each with its line; a URL with a password is one.
    """
    from pydantic import ValidationError

    try:
        settings = Settings.model_validate(file.data)
    except ValidationError as error:
        problems = [
            Problem(".".join(map(str, e["loc"])), e["msg"].lower(), where=file.where(e["loc"]))
            for e in error.errors()
        ]
        raise _invalid(file, problems) from None
    if leaked := list(_leaked(file, settings)):
        raise _invalid(file, leaked)
    return settings


def _leaked(file: TomlFile, settings: Settings) -> list[Problem]:
    return [
        Problem(
            f"environments.{name}.{field}",
            "must not contain a password",
            hint="Take it out, and set CIVGEN_DATABASE_PASSWORD, PGPASSWORD or CIVGEN_TOKEN instead.",
            where=file.where(("environments", name, field)),
        )
        for name, environment in settings.environments.items()
        for field in ("database", "search", "orchestrator")
        if _has_password(getattr(environment, field))
    ]


def _has_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False  # whoever opens it says that it cannot be read, without repeating it
    return bool(parts.password) or any(name.endswith("password") for name, _ in parse_qsl(parts.query))


def _invalid(file: TomlFile, problems: list[Problem]) -> InvalidFile:
    first = problems[0]
    message = f"{display_path(file.path)}: {first.field} {first.message}."
    return InvalidFile(message, hint=first.hint, where=first.where, details=problems)


def find_search_key(environment: Environment) -> tokens.Token | None:
    """The search server's key, and where it was found."""
    return _secret("CIVGEN_SEARCH_KEY", environment.name, f"{environment.name}/search")


def _secret(variable: str, environment: str, kept_as: str) -> tokens.Token | None:
    """A secret by its environment variable, the environment's own first, else by its name in the keyring."""
    from pydantic import SecretStr

    own = f"{variable}_{environment.upper().replace('-', '_')}"
    if name := next((one for one in (own, variable) if os.environ.get(one)), None):
        return tokens.Token(SecretStr(os.environ[name]), "variable", name)
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password("civgen", kept_as)
    except KeyringError:
        kept = None
    return tokens.Token(SecretStr(kept), "keyring", keyring.get_keyring().name) if kept else None


def sqlite_path(url: str, root: Path) -> Path | None:
    """The file behind an SQLite URL, relative ones counted from `root`; None for other databases."""
    scheme, _, path = url.partition(":///")
    return root / path if scheme.startswith("sqlite") and path else None
