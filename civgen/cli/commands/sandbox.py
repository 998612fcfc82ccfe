"""`civgen sandbox`: the local orchestrator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.options import spread

if TYPE_CHECKING:
    from civgen.sandbox.faults import Planned
    from civgen.sandbox.store import Store
    from civgen.sandbox.users import Users

app = typer.Typer(add_completion=False, no_args_is_help=True)

_USUAL = "How it is reached"
_WORSE = "What goes wrong, all of it drawn from --seed"

DataOption = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Where it keeps its state, in place of the workspace's .civgen."),
]


@app.callback()
def _group() -> None:
    """The local orchestrator."""


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

    def behaviour(self) -> Any:
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


@app.command()
@spread
def serve(reach: ReachOptions, worse: WorseOptions, data: DataOption = None) -> None:
    """Serve the sandbox to other programs on this machine, until Ctrl-C or SIGTERM."""
    from civgen.cli.output import emit, note
    from civgen.cli.state import state
    from civgen.engines.registry import Engines
    from civgen.errors import display_path
    from civgen.orchestrator.contract import load_contract
    from civgen.sandbox.app import create_app
    from civgen.sandbox.serve import serve as run
    from civgen.sandbox.store import IN_MEMORY

    users, planned = reach.users(), worse.planned()
    file = _file(data)
    kept = (
        f"keeps its state in {display_path(file)}"
        if file
        else "forgets all when it stops (no workspace here)"
    )

    def announce(url: str) -> None:
        note(f"The sandbox listens at {url} and {kept}; Ctrl-C stops it.")
        emit({"url": url}, lambda: None)

    asgi = create_app(
        file or IN_MEMORY,
        Engines(state().workspace.engines),
        load_contract(),
        speed=worse.speed,
        users=users,
        behaviour=worse.behaviour(),
        faults=planned,
    )
    run(asgi, reach.host, reach.port, announce)


@app.command()
def status(data: DataOption = None) -> None:
    """Show what the sandbox has kept."""
    import time

    from civgen.cli.output import card, emit
    from civgen.errors import display_path
    from civgen.sandbox.upkeep import summary

    store, file = _existing(data)
    found = {"file": display_path(file), "bytes": file.stat().st_size, **summary(store, time.time())}
    store.close()
    emit(found, lambda: card(found))


@app.command()
def reset(
    data: DataOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Consent.")] = False,
) -> None:
    """Forget every workflow, upload and expense of the sandbox."""
    import time

    from civgen.cli.output import confirm, emit, note
    from civgen.sandbox.upkeep import reset as forget
    from civgen.sandbox.upkeep import summary

    store, _ = _existing(data)
    had = summary(store, time.time())
    count = sum(had["workflows"].values())
    if not yes:
        confirm(f"Forget {count:,} workflows and {had['uploads']:,} uploads of the sandbox?")
    forget(store)
    store.close()
    emit({"forgotten": had}, lambda: note(f"Forgot {count:,} workflows and {had['uploads']:,} uploads."))


@app.command("faults")
def list_faults() -> None:
    """List the faults that a request may meet.

    One is asked for with the header X-Sandbox-Fault: NAME or NAME=NUMBER, for later requests with
    POST /sandbox/faults or --faults FILE, and drawn from those that are by chance with --fail RATE.
    """
    from civgen.cli.output import emit, table
    from civgen.sandbox.faults import BY_CHANCE, FAULTS

    rows = [{"fault": name, "what": what, "by chance": name in BY_CHANCE} for name, what in FAULTS.items()]
    cells = [[row["fault"], "yes" if row["by chance"] else "", row["what"]] for row in rows]
    emit(rows, lambda: table(["fault", "by chance", "what happens"], cells))


def _file(data: Path | None) -> Path | None:
    """The file with the state; None when there is nowhere to keep one."""
    from civgen.cli.state import state
    from civgen.sandbox.connect import STATE

    if data:
        return data / STATE
    workspace = state().workspace
    return workspace.state / STATE if workspace.root else None


def _existing(data: Path | None) -> tuple[Store, Path]:
    from civgen.cli.state import state
    from civgen.errors import NotFound, display_path
    from civgen.sandbox.store import Store

    file = _file(data) or state().workspace.state
    if not file.is_file():
        raise NotFound(
            f"The sandbox has kept nothing: there is no {display_path(file)}.",
            hint="It does when it is first used: civgen sandbox serve, or civgen submit.",
        )
    return Store(file), file


def _token(variable: str) -> str:
    import os

    from civgen.errors import InvalidInput, Problem

    if token := os.environ.get(variable):
        return token
    problem = Problem("token_env", "names no environment variable that is set", variable)
    raise InvalidInput(f"The environment variable {variable} is not set.", details=[problem])
