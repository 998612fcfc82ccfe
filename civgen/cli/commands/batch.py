"""`civgen batch`: the batches of a workspace, how far they are, and going on with them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import DATABASE, ORCHESTRATOR, answers
from civgen.cli.following import suggest
from civgen.cli.output import emit, emit_line, note, table
from civgen.cli.quotes import buzz
from civgen.cli.state import state
from civgen.errors import Refused, commands_in
from civgen.results import batch as said
from civgen.results.error import FailedLine

if TYPE_CHECKING:
    from civgen.cli.shared import Kept
    from civgen.jobs.batches.book import Batch, Summary

app = typer.Typer(add_completion=False, no_args_is_help=True)

_SOME_FAILED = {9: "some lines failed or have no answer; each says why"}
_GOING_ON = (
    DATABASE,
    ORCHESTRATOR,
    _SOME_FAILED,
    {8: "nobody consented to its cost; or it would cost more, its file changed, or it runs elsewhere"},
)

BatchId = Annotated[str, typer.Argument(metavar="BATCH", help="Id of a batch, as `batch list` shows it.")]


@app.callback()
def _group() -> None:
    """Batches of submissions: how far they are, and going on with them."""


@app.command("list")
@answers(list[said.Batch], DATABASE)
def list_() -> None:
    """List the batches of this workspace and of the environment's queue, newest first."""
    from civgen.cli.shared import all_kept, document

    found = all_kept()
    emit(
        [document(kept) for kept in found],
        lambda: (
            table(
                ["batch", "accepted", "refused", "open", "cost", "from"],
                [_row(kept) for kept in found],
                spare=("open", "Buzz", "from"),
            )
            if found
            else note("There are no batches in this workspace yet; `civgen submit --batch FILE` begins one.")
        ),
    )


@app.command()
@answers(said.OneBatch, DATABASE, ORCHESTRATOR)
def status(
    batch: BatchId,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the orchestrator how far each job is; else what is known.")
    ] = False,
) -> None:
    """Show how far a batch is: its lines, its jobs and what they cost."""
    from civgen.cli.batches import in_words, next_step
    from civgen.cli.shared import document, find_kept
    from civgen.jobs.batches.jobs import look

    kept = find_kept(batch)
    found = kept.batch
    if refresh:
        asyncio.run(_with_client(found, lambda client: look(found, kept.journal, client)))
    summary, about = _summary(kept), document(kept)
    queue = about["queue"] or {"waiting": 0, "underWay": 0, "stopped": None}

    def show() -> None:
        typer.echo(f"{found.id} {'cancelled' if found.canceled_at else ''}".rstrip())
        typer.echo(f"  {in_words(summary)}")
        for state_of_job, count in summary.ended.items():
            typer.echo(f"  {count:,} jobs {state_of_job}")
        if queue["waiting"] or queue["underWay"]:
            typer.echo(f"  on the queue: {queue['waiting']:,} wait, {queue['underWay']:,} with a worker")
            return
        if queue["stopped"]:
            typer.echo(f"  stopped: {queue['stopped']}")

    anew = [] if refresh else _look_anew(kept, summary)
    if summary.is_complete and not summary.refused:
        suggest(*anew, command("batch", "results", found.id, *kept.where))
    elif not found.canceled_at and not (queue["waiting"] or queue["underWay"]):
        suggest(*anew, *commands_in(next_step(found, summary, *kept.where)))
    else:
        suggest(*anew)
    emit(about, show)


def _look_anew(kept: Kept, summary: Summary) -> list[str]:
    """Say of jobs that were not seen to end that this may be long ago; gives the command that asks anew."""
    from civgen.jobs.batches.book import ENDED

    going = sum(count for status, count in summary.ended.items() if status not in ENDED)
    if not going:
        return []
    note(f"{going:,} had not ended when sent or last looked at; --refresh asks anew.")
    return [command("batch", "status", kept.batch.id, "--refresh", *kept.where)]


@app.command()
@answers(None, DATABASE, _SOME_FAILED, line=said.LineSubmitted | FailedLine)
def results(
    batch: BatchId,
    wait: Annotated[
        bool, typer.Option("--wait", help="First wait until workers have done what is on the queue.")
    ] = False,
) -> None:
    """Print the answers of all lines in their order, as JSON Lines; nothing is sent."""
    from civgen.cli.batches import next_step
    from civgen.cli.shared import find_kept, wait_for
    from civgen.errors import PartlyDone
    from civgen.jobs.batches.results import results

    kept = find_kept(batch)
    if wait:
        wait_for(kept)
    failed = 0
    with kept.journal.opened() as db:
        for answer in results(db, kept.batch, kept.lines(db)):
            failed += not answer["ok"]
            emit_line(answer)
    state().json = False  # the answers are the data
    if failed:
        hint = next_step(kept.batch, _summary(kept), *kept.where)
        raise PartlyDone(f"{failed} of {kept.batch.total} lines failed or have no answer.", hint=hint)


@app.command()
@answers(said.OneBatch, *_GOING_ON, line=said.LineSubmitted | FailedLine, spends=True)
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
@answers(said.OneBatch, *_GOING_ON, line=said.LineSubmitted | FailedLine, spends=True)
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
@answers(said.OneBatch, DATABASE, ORCHESTRATOR, {8: "another process runs it right now"})
def cancel(batch: BatchId) -> None:
    """Send nothing more of a batch, and cancel those of its jobs that have not ended."""
    from civgen.cli.batches import in_words
    from civgen.cli.shared import document, find_kept
    from civgen.jobs.batches.jobs import stop

    kept = find_kept(batch)
    with _canceled(kept) as found:
        asyncio.run(_with_client(found, lambda client: stop(found, kept.journal, client)))
    kept = replace(kept, batch=found)
    summary = _summary(kept)
    emit(document(kept), lambda: typer.echo(f"{found.id} cancelled: {in_words(summary)}"))


@contextmanager
def _canceled(kept: Kept) -> Iterator[Batch]:
    """A batch of which nothing more is sent, by this process or another."""
    from civgen.jobs.batches import book
    from civgen.jobs.batches.lock import only_run

    batch = kept.batch
    if kept.shared is not None:
        from civgen.jobs.shared.line_up import cancel_shared

        yield cancel_shared(batch, kept.shared)
        return
    with only_run(batch.lock(state().workspace.state), batch.id):
        yield kept.journal.write(lambda db: book.cancel(db, batch))


def _take_up(
    batch_id: str, max_cost: float | None, yes: bool, concurrency: int | None, as_begun: bool, *, again: bool
) -> None:
    from civgen.cli.batches import journal, run
    from civgen.cli.shared import find_kept, go_on
    from civgen.cli.spending import SpendingOptions
    from civgen.jobs.batches.begin import take_up

    kept = find_kept(batch_id)
    found = kept.batch
    state().env = found.environment
    if max_cost is None and found.terms.max_cost is None and not state().environment.is_sandbox:
        raise Refused(
            f"The batch {batch_id} has no limit, and goes on in an environment of real money.",
            hint="Nothing was sent. Pass --max-cost BUZZ, for the whole batch, and --yes.",
        )
    if max_cost is not None and max_cost > (found.terms.max_cost or 0):
        SpendingOptions(max_cost, yes).consent(f"Spend up to {max_cost:.12g} Buzz on this batch?")
    if kept.shared is not None:
        go_on(kept, max_cost, again=again)
        return
    run(take_up(found, journal(), max_cost=max_cost, concurrency=concurrency, as_begun=as_begun), again=again)


async def _with_client(batch: Batch, work: Any) -> None:
    from civgen.sandbox.connect import connect

    state().env = batch.environment
    async with connect(state().environment, state().workspace, batch.terms.concurrency) as client:
        await work(client)


def _summary(kept: Kept) -> Summary:
    from civgen.jobs.batches.book import summary

    return kept.journal.read(lambda db: summary(db, kept.batch))


def _row(kept: Kept) -> list[Any]:
    batch, summary = kept.batch, _summary(kept)
    counts = [f"{summary.accepted}/{summary.total}", summary.refused, summary.in_doubt + summary.not_sent]
    name = "stdin" if batch.source == "-" else batch.source.rpartition("/")[2]
    cost = buzz(summary.spent, summary.unknown)
    return [batch.id, *counts, cost, f"{name} (queue)" if kept.shared else name]
