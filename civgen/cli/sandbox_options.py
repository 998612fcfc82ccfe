"""Options of `civgen sandbox serve`: how it is reached, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from civgen.sandbox.behaviour import Behaviour
    from civgen.sandbox.faults import Planned
    from civgen.sandbox.users import Users

_USUAL = "How it is reached"
_WORSE = "What goes wrong, all of it drawn from --seed"


@dataclass
class ReachOptions:
    """How the sandbox is reached, and by whom."""

    port: Annotated[
        int,
        typer.Option(help="Port; 0 for any that is free.", min=0, max=65535, rich_help_panel=_USUAL),
    ] = 8788
    host: Annotated[str, typer.Option(help="Address of this machine.", rich_help_panel=_USUAL)] = "127.0.0.1"
    token_env: Annotated[
        str | None,
        typer.Option(
            help="Environment variable with the token that is then required.",
            metavar="NAME",
            rich_help_panel=_USUAL,
        ),
    ] = None
    tokens: Annotated[
        Path | None,
        typer.Option(
            help="TOML file of tokens with their users, scopes and balances; others are refused.",
            metavar="FILE",
            rich_help_panel=_USUAL,
        ),
    ] = None

    def users(self) -> Users | None:
        """Who may ask; None for anybody.

        Raises:
            InvalidInput: the file or the variable is wrong, or both are given.
        """
        from civgen.errors import InvalidInput, Problem
        from civgen.sandbox.users import User, Users, read_users

        if self.tokens and self.token_env:
            problem = Problem("token_env", "cannot be given beside --tokens", self.token_env)
            raise InvalidInput("Give --tokens or --token-env, not both.", details=[problem])
        if self.tokens:
            return read_users(self.tokens)
        return Users({_token(self.token_env): User()}) if self.token_env else None


@dataclass
class WorseOptions:
    """What is not as on a good day."""

    speed: Annotated[
        float, typer.Option(help="How many times faster than about a second a workflow goes.", min=0.001)
    ] = 1.0
    latency: Annotated[
        float,
        typer.Option(
            help="Milliseconds before a request is looked at, give or take half.",
            metavar="MS",
            min=0,
            rich_help_panel=_WORSE,
        ),
    ] = 0.0
    fail: Annotated[
        float,
        typer.Option(
            help="Part of the requests that meet a fault; see `civgen sandbox faults`.",
            metavar="RATE",
            min=0,
            max=1,
            rich_help_panel=_WORSE,
        ),
    ] = 0.0
    faults: Annotated[
        Path | None,
        typer.Option(
            help='JSON list of planned faults: {"fault", "method", "path", "skip", "times"}.',
            metavar="FILE",
            rich_help_panel=_WORSE,
        ),
    ] = None
    seed: Annotated[int, typer.Option(help="Of all chance.", rich_help_panel=_WORSE)] = 0
    rate_limit: Annotated[
        float | None,
        typer.Option(
            help="Submissions a second that one user may make; more are answered 429.",
            metavar="N",
            min=0.001,
            rich_help_panel=_WORSE,
        ),
    ] = None
    price_drift: Annotated[
        float,
        typer.Option(
            help="Per cent by which a charge is above what the whatIf said.",
            metavar="PERCENT",
            min=-100,
            rich_help_panel=_WORSE,
        ),
    ] = 0.0
    substitute: Annotated[
        float,
        typer.Option(
            help="Part of the models in whose place another runs.",
            metavar="RATE",
            min=0,
            max=1,
            rich_help_panel=_WORSE,
        ),
    ] = 0.0
    url_life: Annotated[
        float,
        typer.Option(
            help="Seconds for which a blob's URL is good.", metavar="S", min=0, rich_help_panel=_WORSE
        ),
    ] = 86400.0

    def behaviour(self) -> Behaviour:
        """As the sandbox takes it."""
        from civgen.sandbox.behaviour import Behaviour

        return Behaviour(
            latency=self.latency / 1000,
            fail=self.fail,
            seed=self.seed,
            rate_limit=self.rate_limit,
            price_drift=self.price_drift,
            substitute=self.substitute,
            url_life=self.url_life,
        )

    def planned(self) -> list[Planned]:
        """The faults of the file.

        Raises:
            InvalidFile: with everything that is wrong in it.
        """
        from civgen.cli.options import read_json
        from civgen.errors import InvalidFile, InvalidInput, Where, display_path
        from civgen.sandbox.faults import planned_faults

        if self.faults is None:
            return []
        try:
            return planned_faults(read_json(str(self.faults)))
        except InvalidFile:
            raise
        except InvalidInput as error:
            file, first = display_path(self.faults), error.details[0]
            message = f"{file}: {first.field} {first.message}."
            raise InvalidFile(message, where=Where(file), details=error.details) from None


def _token(variable: str) -> str:
    import os

    from civgen.errors import InvalidInput, Problem

    if token := os.environ.get(variable):
        return token
    problem = Problem("token_env", "names no environment variable that is set", variable)
    raise InvalidInput(f"The environment variable {variable} is not set.", details=[problem])
