"""Environments and secrets.

`civgen.toml` names environments; what it leaves out has the defaults of `local`, which needs nothing
but Python. Secrets never stand in the file: they come from the environment or the system keyring,
and are kept in a type that does not print them.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from civgen.errors import InvalidFile, NotAuthorised, Problem, display_path, not_found

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
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = "local"
    database: str = "sqlite:///.civgen/local.db"
    search: str = "embedded"
    orchestrator: str = SANDBOX
    currencies: list[Currency] = Field(default=["yellow"], min_length=1)
    tier: str = "free"

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing leaves this machine and nothing costs anything."""
        return self.orchestrator == SANDBOX

    @cached_property
    def token(self) -> SecretStr:
        """The API token: `CIVGEN_TOKEN_<NAME>`, else `CIVGEN_TOKEN`, else the keyring.

        Raises:
            NotAuthorised: there is none.
        """
        return _token(self.name)

    @cached_property
    def search_key(self) -> SecretStr | None:
        """The search server's key: `CIVGEN_SEARCH_KEY_<NAME>`, else `CIVGEN_SEARCH_KEY`, else the keyring's.

        A server on a developer's machine has none.
        """
        return _secret("CIVGEN_SEARCH_KEY", self.name, f"{self.name}/search")


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
            hint="Take it out, and set PGPASSWORD, a service file or CIVGEN_TOKEN instead.",
            where=file.where(("environments", name, field)),
        )
        for name, environment in settings.environments.items()
        for field in ("database", "search", "orchestrator")
        if urlsplit(getattr(environment, field)).password
    ]


def _invalid(file: TomlFile, problems: list[Problem]) -> InvalidFile:
    first = problems[0]
    message = f"{display_path(file.path)}: {first.field} {first.message}."
    return InvalidFile(message, hint=first.hint, where=first.where, details=problems)


def _secret(variable: str, environment: str, kept_as: str) -> SecretStr | None:
    """A secret by its environment variable, the environment's own first, else by its name in the keyring."""
    from pydantic import SecretStr
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Secrets(BaseSettings):
        model_config = SettingsConfigDict(extra="ignore")
        name: SecretStr | None = Field(default=None, validation_alias=f"{variable}_{environment.upper()}")
        any: SecretStr | None = Field(default=None, validation_alias=variable)

    secrets = Secrets()
    if found := secrets.name or secrets.any:
        return found
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password("civgen", kept_as)
    except KeyringError:
        kept = None
    return SecretStr(kept) if kept else None


def _token(environment: str) -> SecretStr:
    if found := _secret("CIVGEN_TOKEN", environment, environment):
        return found
    raise NotAuthorised(
        f"There is no token for the environment {environment}.",
        hint=f"Set CIVGEN_TOKEN_{environment.upper()}, or run: keyring set civgen {environment}",
    )


def sqlite_path(url: str, root: Path) -> Path | None:
    """The file behind an SQLite URL, relative ones counted from `root`; None for other databases."""
    scheme, _, path = url.partition(":///")
    return root / path if scheme.startswith("sqlite") and path else None
