"""`civgen sandbox`: the local orchestrator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.answers import CONSENT, answers
from civgen.cli.options import spread
from civgen.cli.sandbox_options import ReachOptions, WorseOptions
from civgen.results.sandbox import Fault, SandboxReset, SandboxStatus, Served

if TYPE_CHECKING:
    from civgen.sandbox.store import Store

app = typer.Typer(add_completion=False, no_args_is_help=True)

DataOption = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Where it keeps its state, in place of the workspace's .civgen."),
]


@app.callback()
def _group() -> None:
    """The local orchestrator."""


@app.command()
@answers(Served, {5: "the port is taken"})
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
        asgi.state.sandbox.store.open()  # a file that cannot be used is told now, not to whoever asks
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
@answers(SandboxStatus, workspace=True)
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
@answers(SandboxReset, CONSENT, workspace=True)
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
@answers(list[Fault])
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
            hint="It does when it is first used: by `civgen submit` or `civgen sandbox serve`.",
        )
    return Store(file), file
