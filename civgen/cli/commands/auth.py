"""`civgen auth`: the token of an environment's orchestrator."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import ORCHESTRATOR, answers
from civgen.cli.following import suggest
from civgen.cli.output import card, emit, note
from civgen.cli.state import state
from civgen.results.auth import TokenGone, TokenPlace

if TYPE_CHECKING:
    from civgen.settings import Environment
    from civgen.tokens import Token

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Keep, show or forget the token of an environment. It is never printed.",
)

CheckOption = Annotated[
    bool, typer.Option("--check", help="Ask the orchestrator whether it takes the token.")
]


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@answers(TokenPlace, ORCHESTRATOR, {3: "there is no token, or the orchestrator does not take it"})
def login(context: typer.Context, check: CheckOption = False) -> None:
    """Keep a token: in the system keyring, or else in a file that only you can read.

    It is read from stdin, or asked for without being shown: `civgen auth login --env prod < token.txt`.
    """
    from civgen import tokens
    from civgen.errors import InvalidInput

    if context.args:  # perhaps a token, so not to be repeated
        message = "A token is not taken from the command line, where others can see it."
        hint = "Pipe it in, or type it when asked. If that was a real one, revoke it."
        raise InvalidInput(message, hint=hint)
    environment = _environment()
    secret = tokens.read_token(_given(environment))
    if check:
        _check(environment, secret)
    token = tokens.keep(environment.name, environment.orchestrator, secret, note)
    variable = tokens.find(environment.name, environment.orchestrator)
    if variable and variable.source == "variable":
        note(f"{variable.place} is set, and wins over what was kept.")
    _tell(environment, token, check=check)


@app.command()
@answers(TokenPlace, ORCHESTRATOR, {3: "there is no token, or the orchestrator does not take it"})
def status(check: CheckOption = False) -> None:
    """Say where the token of an environment comes from."""
    from civgen import tokens

    environment = state().environment
    if environment.is_sandbox:
        shown = {"environment": environment.name, "orchestrator": environment.orchestrator, "needed": False}
        emit(shown, lambda: note(f"The environment {environment.name} is the sandbox: it needs no token."))
        return
    token = tokens.require(environment.name, environment.orchestrator)
    if check:
        _check(environment, token.secret)
    _tell(environment, token, check=check)


@app.command()
@answers(TokenGone)
def logout() -> None:
    """Forget the token of an environment. It stays valid: revoke it where it was made."""
    from civgen import tokens
    from civgen.errors import NotFound

    environment = _environment()
    places = tokens.forget(environment.name, environment.orchestrator)
    still = tokens.find(environment.name, environment.orchestrator)
    if still:
        note(f"{still.place} is still set; only you can take that away.")
    elif not places:
        raise NotFound(f"There is no token for the environment {environment.name}.")
    emit(
        {"environment": environment.name, "removedFrom": places, "remaining": still and still.place},
        lambda: note(f"Forgotten: {', '.join(places) or 'nothing'}."),
    )


def _environment() -> Environment:
    """The environment, which must need a token.

    Raises:
        InvalidInput: it is the sandbox.
    """
    from civgen.errors import InvalidInput

    environment = state().environment
    if environment.is_sandbox:
        raise InvalidInput(
            f"The environment {environment.name} is the sandbox, which needs no token.",
            hint="Name another with --env; civgen.toml says which there are.",
        )
    return environment


def _given(environment: Environment) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    from getpass import getpass

    return getpass(f"Token for {environment.orchestrator} (not shown): ", stream=sys.stderr)


def _check(environment: Environment, secret: Any) -> None:
    """Ask for the smallest thing that needs a token.

    Raises:
        NotAuthorised: it is not taken.
    """
    import asyncio

    from civgen.orchestrator.client import Orchestrator

    async def ask() -> None:
        async with Orchestrator(environment.orchestrator, secret) as client:
            async for _ in client.query(take=1):
                break

    asyncio.run(ask())


def _tell(environment: Environment, token: Token, *, check: bool) -> None:
    shown: dict[str, Any] = {
        "environment": environment.name,
        "orchestrator": environment.orchestrator,
        "needed": True,
        "source": token.source,
        "place": token.place,
        "checked": check,
    }
    suggest(*([] if check else [command("auth", "status", "--check", "--env", environment.name)]))
    emit(shown, lambda: card({**shown, "checked": "the orchestrator takes it" if check else None}))
