"""Who asks: bearer tokens, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from civgen.errors import InvalidFile, NotAuthorised, Problem, display_path
from civgen.sandbox.refusals import Forbidden
from civgen.tomlfile import TomlFile, read_toml

Scope = Literal["AIServicesRead", "AIServicesWrite"]
Currency = Literal["blue", "green", "yellow", "fakeRed"]
READ: Scope = "AIServicesRead"
WRITE: Scope = "AIServicesWrite"


class User(BaseModel):
    """Somebody, as a table `[tokens.<token>]` has them.

    Attributes:
        user: whose the token is; workflows and balances are a user's, not a token's.
        tier: membership, for `GET /sandbox/me`; the API enforces nothing by it.
        scopes: rights of the token.
        balances: Buzz to begin with, by currency; what is not named is 0, and None pays anything.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: str = Field(default="anybody", min_length=1)
    tier: str = "free"
    scopes: frozenset[Scope] = frozenset({READ, WRITE})
    balances: dict[Currency, NonNegativeInt] | None = None

    def require(self, scope: Scope) -> None:
        """Check a right.

        Raises:
            Forbidden: the token does not give it.
        """
        if scope not in self.scopes:
            raise Forbidden(f"The token has no scope {scope}")


#: Where, what, and what is there instead.
_Wrong = tuple[tuple[str | int, ...], str, Any]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tokens: dict[str, User] = Field(min_length=1)


@dataclass(frozen=True)
class Users:
    """Everybody who may ask.

    Attributes:
        by_token: None when anybody may, with any token or none, and all are one user.
    """

    by_token: Mapping[str, User] | None = field(default=None, repr=False)

    def asking(self, authorization: str) -> User:
        """Whose a header `Authorization` is.

        Raises:
            NotAuthorised: it is missing or nobody's.
        """
        if self.by_token is None:
            return _ANYBODY
        scheme, _, token = authorization.partition(" ")
        found = self.by_token.get(token) if scheme.lower() == "bearer" else None
        if found is None:
            raise NotAuthorised("A valid bearer token is required")
        return found

    def named(self, name: str) -> User:
        """A user by name, for requests that a signature speaks for."""
        return next((one for one in (self.by_token or {}).values() if one.user == name), _ANYBODY)


_ANYBODY = User()


def read_users(path: Path) -> Users:
    """The users of a TOML file.

    Raises:
        InvalidFile: with every problem, each with its line.
    """
    file = read_toml(path)
    try:
        tokens = _File.model_validate(file.data).tokens
    except ValidationError as error:
        raise _invalid(
            file, [(one["loc"], one["msg"].lower(), one["input"]) for one in error.errors()]
        ) from None
    _agree(file, tokens)
    return Users(tokens)


def _agree(file: TomlFile, tokens: Mapping[str, User]) -> None:
    """Two tokens of one user are of one purse."""
    purses: dict[str, Any] = {}
    wrong: list[_Wrong] = [
        (("tokens", token, "balances"), f"differs from that of another token of {one.user}", one.balances)
        for token, one in tokens.items()
        if purses.setdefault(one.user, one.balances) != one.balances
    ]
    if wrong:
        raise _invalid(file, wrong)


def _invalid(file: TomlFile, found: list[_Wrong]) -> InvalidFile:
    problems = []
    for loc, message, given in found:
        shown = ".".join("<token>" if n == 1 else str(part) for n, part in enumerate(loc))
        problems.append(Problem(shown, message, given, where=replace(file.where(loc), field=shown)))
    first = problems[0]
    message = f"{display_path(file.path)}: {first.field} {first.message}."
    hint = 'For instance: [tokens.test-1] user = "ann", balances = { yellow = 1000 }'
    return InvalidFile(message, hint=hint, where=first.where, details=problems)
