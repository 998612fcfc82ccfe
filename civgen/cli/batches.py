"""Batches on the command line: begun, run, priced, reported."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from civgen.cli.again import command
from civgen.cli.output import emit_line, note
from civgen.cli.progress import progress
from civgen.cli.quotes import buzz
from civgen.cli.state import state
from civgen.errors import CivgenError, PartlyDone

if TYPE_CHECKING:
    from civgen.jobs.batches.book import Batch, Summary
    from civgen.jobs.batches.prepare import Preparer
    from civgen.jobs.batches.run import Run
    from civgen.jobs.journal import Journal

#: A line with its number, and why it is refused unread.
Entry = tuple[int, str, CivgenError | None]

#: Lines that are priced at once under --dry-run.
_AT_ONCE = 16


def journal() -> Journal:
    """The journal of the workspace."""
    from civgen.jobs.journal import Journal

    return Journal(state().workspace.state / "journal.sqlite")


def preparer(batch: Batch) -> Preparer:
    """What reads the lines of a batch, as it was told to when the batch was begun."""
    from civgen.forms.form import Mode

    terms = batch.terms
    kept = batch.records(state().workspace.state)
    records = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
    mode = Mode.REPAIR if terms.repair else Mode.STRICT
    return new_preparer(terms.tier, terms.features, records, mode)


def new_preparer(tier: str | None, features: list[str], records: Any, mode: Any, **more: Any) -> Preparer:
    """What reads lines, for the environment of this run."""
    from civgen.jobs.availability import Availability
    from civgen.jobs.batches.prepare import Preparer

    environment = state().environment
    availability = Availability(environment, state().workspace.root)
    platform = state().platform(tier, features)
    return Preparer(platform, availability, environment.currencies, records, mode, **more)


def run(batch: Batch, *, again: bool = False) -> None:
    """Run a batch to its end, or as far as it goes.

    Args:
        again: submit anew what was refused or whose job failed.

    Raises:
        CivgenError: what stopped it, with the command that goes on.
        PartlyDone: some lines failed.
    """
    from civgen.jobs.batches.lock import only_run

    state().env = batch.environment
    with only_run(batch.lock(state().workspace.state), batch.id):
        try:
            failed, stopped = asyncio.run(_run(batch, again=again))
        except KeyboardInterrupt:
            note(f"Nothing is lost. Go on with: {command('batch', 'resume', batch.id)}")
            raise
    # The answers are the data; a closing document would be one line too many.
    state().json = False
    _conclude(batch, failed, stopped)


async def _run(batch: Batch, *, again: bool) -> tuple[int, CivgenError | None]:
    from civgen.jobs.batches import book
    from civgen.jobs.batches.jobs import look
    from civgen.sandbox.connect import connect

    environment, workspace = state().environment, state().workspace
    # Twice, since beside what is sent there are jobs that are waited for.
    async with connect(environment, workspace, 2 * batch.terms.concurrency) as client:
        if again:
            await look(batch, journal(), client)
            journal().write(lambda db: book.set_again(db, batch.id))
        async with journal().grouped() as group:
            return await _answers(_assembled(batch, client, group), batch)


def _assembled(batch: Batch, client: Any, group: Any) -> Run:
    from civgen.jobs.batches import book
    from civgen.jobs.batches.budget import Budget
    from civgen.jobs.batches.run import Run
    from civgen.jobs.sending import Sender
    from civgen.jobs.slots import Slots

    terms, ready = batch.terms, preparer(batch)
    slots = Slots(client, terms.slots, lambda limit: note(f"All {limit} queue slots are taken; waiting."))
    spent = journal().read(lambda db: book.summary(db, batch)).spent
    sender, budget = Sender(client, terms.concurrency), Budget(terms.max_cost, spent)
    folder, priced = state().workspace.state, terms.max_cost is not None
    return Run(batch, folder, ready.prepared, client, sender, slots, group, budget, priced=priced)


async def _answers(run: Run, batch: Batch) -> tuple[int, CivgenError | None]:
    """Print every answer; gives how many lines failed, and what stopped the run."""
    done = failed = unknown = 0
    with progress(batch.total) as tell:
        async for outcome in run.outcomes():
            done, failed = done + 1, failed + (not outcome.ok)
            unknown += "workflowId" in outcome.answer and outcome.answer.get("cost") is None
            emit_line(outcome.answer)
            tell(done, buzz(run.spent, 0 if batch.terms.max_cost is not None else unknown), failed)
    return failed, run.stopped


def _conclude(batch: Batch, failed: int, stopped: CivgenError | None) -> None:
    from civgen.jobs.batches import book
    from civgen.jobs.batches.budget import OverBudget

    summary = journal().read(lambda db: book.summary(db, batch))
    note(f"Batch {batch.id}: {in_words(summary)}.")
    if stopped is not None:
        more = ["--max-cost", "MORE"] if isinstance(stopped, OverBudget) else []
        hint = f"Nothing is lost. Go on with: `{command('batch', 'resume', batch.id, *more)}`"
        raise type(stopped)(stopped.message, hint=hint)
    if failed:
        raise PartlyDone(f"{failed} of {batch.total} lines failed.", hint=next_step(batch, summary))


def next_step(batch: Batch, summary: Summary, *more: str) -> str:
    """What to do about a batch of which lines failed.

    Args:
        more: options that the command needs.
    """
    if not summary.is_complete:
        return f"Go on with: `{command('batch', 'resume', batch.id, *more)}`"
    return f"Submit what failed anew with: `{command('batch', 'retry-failed', batch.id, *more)}`"


def in_words(summary: Summary) -> str:
    """How far a batch is."""
    counts = {
        "accepted": summary.accepted, "refused": summary.refused, "in doubt": summary.in_doubt,
        "not sent": summary.not_sent,
    }  # fmt: skip
    said = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    return f"{summary.total:,} lines: {said}; {buzz(summary.spent, summary.unknown)}"


def price_batch(lines: Iterable[str], source: str, ready: Preparer, max_cost: float | None) -> None:
    """Ask for the price of every line; nothing is sent.

    Args:
        source: path of the file they come from, or `-`.

    Raises:
        PartlyDone: some lines failed.
        Refused: the whole costs more than `max_cost`, or an unknown amount.
    """
    asyncio.run(_priced(lines, source, ready, max_cost))


async def _priced(lines: Iterable[str], source: str, ready: Preparer, max_cost: float | None) -> None:
    from civgen.jobs.batches.lines import Ids, failure, identity_of, numbered, place_of, placed
    from civgen.jobs.batches.window import in_order
    from civgen.sandbox.connect import connect

    environment = state().environment
    sums, ids = _Sums(), Ids()

    def entries() -> Iterator[Entry]:
        for number, text in numbered(lines):
            yield number, text, ids.refusal(identity_of(text), number)

    async with connect(environment, state().workspace, _AT_ONCE) as client:

        async def work(entry: Entry) -> dict[str, Any]:
            number, text, refusal = entry
            try:
                if refusal is not None:
                    raise refusal
                return await _quoted(text, ready, client)
            except CivgenError as error:
                return failure(identity_of(text), placed(error, place_of(source, number)))

        async for answer in in_order(entries(), work, _AT_ONCE):
            sums.add(answer)
            emit_line(answer)
    state().json = False
    sums.conclude(max_cost)


async def _quoted(text: str, ready: Preparer, client: Any) -> dict[str, Any]:
    from civgen.jobs.batches.lines import read_line
    from civgen.jobs.submit import quote

    line = read_line(text)
    preview = await ready.preview(line)
    price = await quote(preview, client, ready.platform, state().environment)
    return {"id": line.get("id"), "ok": True, **price.as_json()}


class _Sums:
    """What the lines of a dry run come to."""

    def __init__(self) -> None:
        self._lines = self._failed = self._unknown = 0
        self._total = 0.0

    def add(self, answer: dict[str, Any]) -> None:
        self._lines += 1
        self._failed += not answer["ok"]
        if answer["ok"]:
            price = answer["cost"]["total"]
            self._unknown += price is None
            self._total += price or 0

    def conclude(self, max_cost: float | None) -> None:
        from civgen.errors import Refused
        from civgen.jobs.batches.budget import PERSON

        note(f"{self._lines:,} lines: {buzz(self._total, self._unknown)}. Nothing was sent.")
        if max_cost is not None and self._total > max_cost:
            hint = "Raise --max-cost, or leave lines out."
            raise Refused(f"That is more than --max-cost {max_cost:.12g}.", hint=hint)
        if max_cost is not None and self._unknown:
            whole = buzz(self._total, self._unknown)
            raise Refused(
                f"{whole}: that cannot be held against --max-cost {max_cost:.12g}.",
                hint=f"Submitted under --max-cost, the batch leaves those lines out. {PERSON}",
            )
        if self._failed:
            raise PartlyDone(f"{self._failed} of {self._lines} lines failed.")
