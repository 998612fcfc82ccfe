"""`civgen submit`: price a request or a batch of them, and run it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import DATABASE, ORCHESTRATOR, answers
from civgen.cli.following import suggest, suggest_instead
from civgen.cli.options import BatchOption, ContextOptions, RequestOptions, refuse_beside_batch, spread
from civgen.cli.output import emit, note
from civgen.cli.recalling import remember as remember_values
from civgen.cli.spending import SpendingOptions
from civgen.cli.state import state
from civgen.errors import InvalidInput, Refused, Unavailable
from civgen.results.batch import LineSubmitted, OneBatch
from civgen.results.error import FailedLine
from civgen.results.submit import DryRun, LineQuoted, Submitted, TooDear
from civgen.results.submit import Quote as QuoteShown

if TYPE_CHECKING:
    from civgen.jobs.batches.prepare import Preparer
    from civgen.jobs.journal import Submission
    from civgen.jobs.media.uploads import Upload
    from civgen.jobs.preview import Preview
    from civgen.jobs.submit import Quote
    from civgen.orchestrator.answers import Workflow
    from civgen.orchestrator.client import Orchestrator

app = typer.Typer()


_EXITS = {
    7: "another model would run than the one asked for, or with --wait: the job did not succeed",
    8: "nobody consented, it costs more than --max-cost, or the balance does not cover it; nothing was sent",
    9: "some lines of a batch failed; each says why",
}


@app.command()
@answers(
    DryRun | Submitted | OneBatch | QuoteShown | TooDear,
    DATABASE,
    ORCHESTRATOR,
    _EXITS,
    line=LineQuoted | LineSubmitted | FailedLine,
    spends=True,
    workspace=True,
)
@spread
def submit(
    options: RequestOptions,
    context: ContextOptions,
    spending: SpendingOptions,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only ask what it would cost.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end, and download the files.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where --wait puts the files.")] = Path("outputs"),
    batch: BatchOption = None,
    concurrency: Annotated[int, typer.Option(help="Lines of a batch at once.", min=1, max=256)] = 16,
    distributed: Annotated[
        bool,
        typer.Option("--distributed", help="Put the batch on the environment's queue, for `civgen worker`."),
    ] = False,
    slots: Annotated[
        int | None,
        typer.Option(help="Jobs in the queue at once, by default the tier's; 0 for no limit.", min=0),
    ] = None,
    remember: Annotated[
        bool, typer.Option("--remember", help="Keep the values, for a later request --from-last.")
    ] = False,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with a submission, by its externalId.")
    ] = None,
) -> None:
    """Price a request and run it. The price comes first, and --dry-run stops there.

    Real money needs consent, at a terminal or by --yes with --max-cost. A batch
    of real money always needs --max-cost, which holds for the whole of it.
    What is submitted is written down first: it is never lost, nor paid twice.
    """
    from civgen.cli.batches import journal, new_preparer, price_batch

    refuse_beside_batch(batch, options)
    if distributed:
        _check_distributed(batch, wait=wait)
    if resume is not None:
        if batch or options != RequestOptions():
            raise InvalidInput("--resume goes on with what was submitted; it takes no request.")
        submission = journal().find(resume)
        state().env = submission.environment
        _finish_up(lambda client: _resume(client, submission, out if wait else None))
        return
    stand_in = {"draw_seed": _middle_seed} if dry_run else {}
    ready = new_preparer(context.tier, context.feature, context.records(), context.mode, **stand_in)
    if batch and dry_run:
        price_batch(_lines(batch), batch, ready, spending.max_cost)
    elif batch:
        _begin_batch(
            batch, context, spending, concurrency, _slots(slots, ready), out if wait else None,
            distributed=distributed,
        )  # fmt: skip
    else:
        raw = options.raw(ready.platform)
        preview = asyncio.run(ready.preview({"request": raw}))
        for repair in preview.repairs:
            note(f"repaired {repair.field}: {repair.given!r} -> {repair.to!r} ({repair.why})")
        for why in preview.limits.why:
            note(f"No mature content: {why}.")
        for read in preview.request.media.read:
            note(f"read {read}")
        after = partial(remember_values, raw, preview, ready.platform) if remember else lambda: None
        one = _One(ready, spending, _slots(slots, ready), out if wait else None, after)
        _finish_up(lambda client: one.priced(client, preview) if dry_run else one.submitted(client, preview))


def _begin_batch(
    source: str,
    context: ContextOptions,
    spending: SpendingOptions,
    concurrency: int,
    slots: int | None,
    out: Path | None,
    *,
    distributed: bool,
) -> None:
    from civgen.cli import shared
    from civgen.cli.batches import journal, run
    from civgen.jobs.batches.begin import begin_batch
    from civgen.jobs.batches.book import Terms

    if spending.max_cost is None and not state().environment.is_sandbox:
        hint = "Pass --max-cost BUZZ, for the whole batch; --dry-run says what it would cost."
        raise Refused("A batch of real money needs a limit, and nothing was sent.", hint=hint)
    spending.consent(f"Spend up to {spending.max_cost or 0:.12g} Buzz on this batch?")
    terms = Terms(
        context.tier, context.feature, context.repair, spending.max_cost,
        str(out.resolve()) if out else None, concurrency, slots,
    )  # fmt: skip
    if distributed:
        shared.begin(_lines(source), source, terms, context.records())
        return
    environment = state().environment.name
    begun = begin_batch(_lines(source), source, environment, terms, journal(), context.records())
    note(f"Batch {begun.id} of {begun.total:,} lines; {command('batch', 'status', begun.id)} tells how far.")
    run(begun)


def _check_distributed(batch: str | None, *, wait: bool) -> None:
    """Refuse what a queue cannot do, before anything is read."""
    from civgen.cli.shared import shared_journal

    if batch is None:
        raise InvalidInput("--distributed is for a batch.", hint="Pass --batch FILE.")
    if wait:
        raise InvalidInput(
            "--wait does not go with --distributed: workers elsewhere cannot put files here.",
            hint="`civgen batch results BATCH --wait` waits for answers, `civgen jobs download` for files.",
        )
    shared_journal()


class _One:
    """One request, priced and submitted."""

    def __init__(
        self,
        ready: Preparer,
        spending: SpendingOptions,
        slots: int | None,
        out: Path | None,
        after: Callable[[], None],
    ) -> None:
        self._ready, self._spending, self._slots, self._out = ready, spending, slots, out
        self._after = after

    async def priced(self, client: Orchestrator, preview: Preview) -> Any:
        """The price, and no more."""
        from civgen.cli.quotes import show_quote

        price = await self._quote(client, preview)
        total = price.cost.total
        more = self._spending.consenting(total)
        # Under a limit, a price that is not known is refused.
        without = ("--dry-run",) if total is not None else ("--dry-run", "--max-cost")
        if more is not None and price.is_covered is not False:
            suggest_instead("submit", more=more, without=without)
        return price.as_json(), lambda: show_quote(price)

    async def submitted(self, client: Orchestrator, preview: Preview) -> Any:
        """The job, and with a folder for its files, its end."""
        from civgen.cli.batches import journal
        from civgen.cli.quotes import by_currency
        from civgen.jobs.media.uploads import with_uploads
        from civgen.jobs.slots import Slots
        from civgen.jobs.submit import send

        price = await self._quote(client, preview)
        paid = f", {by_currency(price.currencies)}" if price.currencies else ""
        if price.is_covered is False:
            raise Refused("The balance does not cover it, and nothing was sent.", data=price.as_json())
        self._spending.agree("This", price.cost.total, paid)
        if self._out:
            self._out.mkdir(parents=True, exist_ok=True)  # what cannot be kept must not be made
        uploads: list[dict[str, Any]] = []
        preview = await with_uploads(preview, client, partial(_say_upload, uploads))
        slots = Slots(client, self._slots, lambda limit: note(f"All {limit} queue slots are taken; waiting."))
        async with slots.one():
            submission = journal().begin(preview.body, state().environment.name)
            workflow = await _kept(submission, send(submission, client, journal()))
        self._after()
        done = preview.request.media.waiting
        price = replace(price, not_checked=[point for point in price.not_checked if point not in done])
        about = {**price.as_json(), "uploads": uploads}
        return await _kept(submission, _answer(client, workflow, submission, self._out, about))

    async def _quote(self, client: Orchestrator, preview: Preview) -> Quote:
        from civgen.jobs.submit import quote

        await self._ready.availability.look_up(preview, client)
        price = await quote(preview, client, self._ready.platform, state().environment)
        unknown = self._ready.availability.unknown(preview)
        numbers = ", ".join(map(str, unknown))
        point = f"whether model version {numbers} may generate: the database does not know it"
        return replace(price, not_checked=[*price.not_checked, point]) if unknown else price


def _say_upload(uploads: list[dict[str, Any]], done: Upload) -> None:
    uploads.append(done.as_json())
    note(f"Uploaded {done.source} as blob {done.blob.id}.")


async def _resume(client: Orchestrator, submission: Submission, out: Path | None) -> Any:
    from civgen.cli.batches import journal
    from civgen.jobs.submit import send

    workflow = await _kept(submission, send(submission, client, journal(), in_doubt=True))
    return await _kept(submission, _answer(client, workflow, submission, out, {}))


async def _answer(
    client: Orchestrator, workflow: Workflow, submission: Submission, out: Path | None, price: dict[str, Any]
) -> Any:
    from civgen.cli.quotes import show_workflow
    from civgen.jobs.submit import fetch, finish

    def document(files: list[Path]) -> dict[str, Any]:
        about = {"id": workflow.id, "externalId": submission.external_id, "status": workflow.status}
        return {**about, **price, "files": [str(path) for path in files]}

    state().document = document([])  # whatever goes wrong now, the handle is not lost
    if out is None:
        note(f"Submitted {workflow.id}.")
        suggest(_again(submission), command("jobs", "show", workflow.id or ""))
        return document([]), lambda: show_workflow(workflow, [])
    note(f"Submitted {workflow.id}.")
    workflow = await finish(workflow, client, lambda one: note(f"{one.id} {one.status}"))
    files = await fetch(workflow, client, out)
    return document(files), lambda: show_workflow(workflow, files)


async def _kept(submission: Submission, work: Any) -> Any:
    """Do `work`, and say how to go on with a submission when it is cut off."""
    try:
        return await work
    except Unavailable as error:
        error.hint = f"It is not lost, and not paid twice. Go on with: `{_again(submission)}`"
        raise
    except asyncio.CancelledError:
        note(f"It is not lost, and not paid twice. Go on with: `{_again(submission)}`")
        raise


def _again(submission: Submission) -> str:
    return command("submit", "--resume", submission.external_id, "--wait")


def _finish_up(work: Any) -> None:
    """Run `work` with a client, and give its answer."""
    from civgen.sandbox.connect import connect

    async def main() -> Any:
        async with connect(state().environment, state().workspace) as client:
            return await work(client)

    emit(*asyncio.run(main()))


def _lines(source: str) -> Any:
    from civgen.cli.batch import lines_of

    return lines_of(source)


def _slots(asked: int | None, ready: Preparer) -> int | None:
    from civgen.jobs.slots import slots_of

    if asked is not None:
        return asked or None
    return slots_of(state().environment, ready.platform)


def _middle_seed() -> int:
    from civgen.jobs.preview import middle_seed

    return middle_seed()
