"""`civgen batch`: the batches of a workspace, how far they are, and going on with them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.output import emit, note, table
from civgen.cli.state import state

if TYPE_CHECKING:
    from civgen.jobs.batches.book import Batch, Summary

app = typer.Typer(add_completion=False, no_args_is_help=True)

BatchId = Annotated[str, typer.Argument(metavar="BATCH", help="Id of a batch, as `batch list` shows it.")]


@app.callback()
def _group() -> None:
    """Batches of submissions: how far they are, and going on with them."""


@app.command("list")
def list_() -> None:
    """List the batches of this workspace, newest first."""
    found = [(batch, _summary(batch)) for batch in _batches()]
    emit(
        [_about(batch, summary) for batch, summary in found],
        lambda: (
            table(
                ["batch", "accepted", "refused", "open", "Buzz", "from"],
                [_row(batch, summary) for batch, summary in found],
            )
            if found
            else note("There are no batches in this workspace yet; `civgen submit --batch FILE` begins one.")
        ),
    )


@app.command()
def status(
    batch: BatchId,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the orchestrator how far each job is; else what is known.")
    ] = False,
) -> None:
    """Show how far a batch is: its lines, its jobs and what they cost."""
    from civgen.cli.batches import in_words, journal, next_step
    from civgen.jobs.batches.jobs import look

    found = _find(batch)
    if refresh:
        asyncio.run(_with_client(found, lambda client: look(found, journal(), client)))
    summary = _summary(found)

    def show() -> None:
        typer.echo(f"{found.id} {'cancelled' if found.canceled_at else ''}".rstrip())
        typer.echo(f"  {in_words(summary)}")
        for state_of_job, count in summary.ended.items():
            typer.echo(f"  {count:,} jobs {state_of_job}")
        if not found.canceled_at and (summary.refused or not summary.is_complete):
            note(next_step(found, summary))

    emit(_about(found, summary), show)


@app.command()
def resume(
    batch: BatchId,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="BUZZ", min=0, help="Another limit for the whole.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Consent to a higher --max-cost.")] = False,
    concurrency: Annotated[int | None, typer.Option(help="Lines at once.", min=1, max=256)] = None,
    as_begun: Annotated[
        bool, typer.Option("--as-begun", help="Go on although its file has changed, with the lines as begun.")
    ] = False,
) -> None:
    """Go on with a batch, and print the answers of all its lines.

    What was answered is not sent again. What was sent without an answer is sent again under the same
    externalId, so that it cannot run twice.
    """
    _take_up(batch, max_cost, yes, concurrency, as_begun, again=False)


@app.command("retry-failed")
def retry_failed(
    batch: BatchId,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="BUZZ", min=0, help="Another limit for the whole.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Consent to a higher --max-cost.")] = False,
    concurrency: Annotated[int | None, typer.Option(help="Lines at once.", min=1, max=256)] = None,
    as_begun: Annotated[
        bool, typer.Option("--as-begun", help="Go on although its file has changed, with the lines as begun.")
    ] = False,
) -> None:
    """Submit anew the lines that were refused and those whose job failed; then go on as `resume` does.

    What failed jobs have cost counts towards --max-cost, though the platform may have refunded it.
    """
    _take_up(batch, max_cost, yes, concurrency, as_begun, again=True)


@app.command()
def cancel(batch: BatchId) -> None:
    """Send nothing more of a batch, and cancel those of its jobs that have not ended."""
    from functools import partial

    from civgen.cli.batches import in_words, journal
    from civgen.jobs.batches import book
    from civgen.jobs.batches.jobs import stop
    from civgen.jobs.batches.lock import only_run

    found = _find(batch)
    with only_run(found.lock(state().workspace.state), found.id):
        found = journal().write(partial(book.cancel, batch=found))
        asyncio.run(_with_client(found, lambda client: stop(found, journal(), client)))
    summary = _summary(found)
    emit(_about(found, summary), lambda: typer.echo(f"{found.id} cancelled: {in_words(summary)}"))


def _take_up(
    batch_id: str, max_cost: float | None, yes: bool, concurrency: int | None, as_begun: bool, *, again: bool
) -> None:
    from civgen.cli.batches import journal, run
    from civgen.cli.spending import SpendingOptions
    from civgen.jobs.batches.begin import take_up

    found = _find(batch_id)
    state().env = found.environment
    if max_cost is not None and max_cost > (found.terms.max_cost or 0):
        SpendingOptions(max_cost, yes).consent(f"Spend up to {max_cost:.12g} Buzz on this batch?")
    run(take_up(found, journal(), max_cost=max_cost, concurrency=concurrency, as_begun=as_begun), again=again)


async def _with_client(batch: Batch, work: Any) -> None:
    from civgen.sandbox.connect import connect

    state().env = batch.environment
    async with connect(state().environment, state().workspace, batch.terms.concurrency) as client:
        await work(client)


def _batches() -> list[Batch]:
    from civgen.cli.batches import journal
    from civgen.jobs.batches.book import batches

    return journal().read(batches)


def _find(batch_id: str) -> Batch:
    from functools import partial

    from civgen.cli.batches import journal
    from civgen.jobs.batches.book import find_batch

    return journal().read(partial(find_batch, batch_id=batch_id))


def _summary(batch: Batch) -> Summary:
    from functools import partial

    from civgen.cli.batches import journal
    from civgen.jobs.batches.book import summary

    return journal().read(partial(summary, batch=batch))


def _about(batch: Batch, summary: Summary) -> dict[str, Any]:
    about = {"id": batch.id, "environment": batch.environment, "createdAt": batch.created_at}
    return {**about, "source": batch.source, "canceledAt": batch.canceled_at, **summary.as_json()}


def _row(batch: Batch, summary: Summary) -> list[Any]:
    counts = [f"{summary.accepted}/{summary.total}", summary.refused, summary.in_doubt + summary.not_sent]
    name = "stdin" if batch.source == "-" else batch.source.rpartition("/")[2]
    return [batch.id, *counts, f"{summary.spent:.12g}", name]
