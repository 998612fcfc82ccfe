"""`civgen worker`: take the lines of batches off the queue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.again import command
from civgen.cli.answers import DATABASE, ORCHESTRATOR, answers
from civgen.cli.following import suggest
from civgen.cli.output import emit, note
from civgen.cli.state import state
from civgen.results.batch import Work

if TYPE_CHECKING:
    from civgen.jobs.shared.worker import Tally

app = typer.Typer()


@app.command()
@answers(Work, DATABASE, ORCHESTRATOR)
def worker(
    concurrency: Annotated[int, typer.Option(help="Lines at once.", min=1, max=256)] = 16,
    lease: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", min=1, help="Without a sign of life for so long, a worker counts as dead."
        ),
    ] = 30,
) -> None:
    """Take lines of batches off the environment's queue, and submit them.

    Any number of workers on any number of machines share the queue, each in a
    copy of the workspace. `civgen submit --batch FILE --distributed` fills it.
    What a worker had taken that is killed, others take over, under the same
    externalId. SIGTERM and Ctrl-C let it finish what it has taken.
    """
    tally = asyncio.run(_serve(concurrency, lease))
    suggest(command("batch", "list"))
    emit(tally.as_json(), lambda: note(_in_words(tally)))


async def _serve(concurrency: int, lease: float) -> Tally:
    from civgen.cli.shared import orchestrator, preparer_of, shared_journal
    from civgen.jobs.shared.worker import Worker
    from civgen.sandbox.connect import connect

    environment, workspace, journal = state().environment, state().workspace, shared_journal()
    async with connect(environment, workspace, 2 * concurrency) as client:
        one = Worker(
            environment.name, orchestrator(), journal, client, workspace.state, preparer_of, concurrency,
            lease, note,
        )  # fmt: skip
        note(f"Taking lines for {environment.name} from {journal.server.place}; Ctrl-C or SIGTERM stops.")
        await one.serve()
    return one.tally


def _in_words(tally: Tally) -> str:
    counts = {
        "accepted": tally.ok, "refused or failed": tally.failed, "put back": tally.put_back,
        "taken over": tally.rescued,
    }  # fmt: skip
    said = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    return f"Stopped. Lines: {said or 'none'}."
