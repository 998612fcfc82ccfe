"""Batches on the queue, on the command line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from civgen.cli.again import command
from civgen.cli.batches import in_words, journal, new_preparer
from civgen.cli.output import emit, note
from civgen.cli.progress import progress
from civgen.cli.quotes import buzz
from civgen.cli.state import state
from civgen.errors import CivgenError, NotFound

if TYPE_CHECKING:
    from civgen.jobs.batches.book import Batch, Terms
    from civgen.jobs.batches.prepare import Preparer
    from civgen.jobs.journal import Db, Journal
    from civgen.jobs.shared.journal import SharedJournal

#: Seconds between looks at a batch that is waited for.
_PAUSE = 1.0


@dataclass(frozen=True)
class Kept:
    """A batch and the journal that it stands in.

    Attributes:
        shared: that journal, if it is the queue's.
    """

    batch: Batch
    journal: Journal
    shared: SharedJournal | None = None

    @property
    def where(self) -> list[str]:
        """Options that a command needs to find it again."""
        return ["--env", self.batch.environment] if self.shared else []

    def lines(self, db: Db) -> Iterable[tuple[int, str]]:
        """The lines as they were given with their numbers, as they are consumed."""
        from civgen.jobs.batches.lines import numbered
        from civgen.jobs.batches.spool import lines_of
        from civgen.jobs.shared.line_up import lines_on

        if self.shared:
            return lines_on(db, self.batch)
        return numbered(lines_of(self.batch.spool(state().workspace.state)))


def shared_journal() -> SharedJournal:
    """The journal of the environment's queue.

    Raises:
        InvalidInput: the environment has no PostgreSQL.
    """
    from civgen.jobs.shared.journal import SharedJournal
    from civgen.jobs.shared.server import server_of

    return SharedJournal(server_of(state().environment))


def orchestrator() -> str:
    """What the environment's orchestrator is called, for workers to compare."""
    return state().environment.orchestrator.rstrip("/")


def find_kept(batch_id: str) -> Kept:
    """A batch of this workspace, or of the environment's queue.

    Raises:
        NotFound: there is none under that id.
    """
    from civgen.jobs.batches.book import find_batch

    try:
        return Kept(journal().read(lambda db: find_batch(db, batch_id)), journal())
    except NotFound as error:
        if (shared := _existing()) is None:
            error.hint = f"{error.hint} For one on a queue, pass its --env."
            raise
        batch = shared.read(lambda db: find_batch(db, batch_id))
    if batch.environment != state().environment.name:
        raise NotFound(
            f"The batch {batch_id} is on the queue of the environment {batch.environment}.",
            hint=f"Pass --env {batch.environment}.",
        )
    return Kept(batch, shared, shared)


def all_kept() -> list[Kept]:
    """The batches of this workspace and those of the environment's queue, newest first."""
    from civgen.jobs.batches.book import batches

    mine = state().environment.name
    found = [Kept(batch, journal()) for batch in journal().read(batches)]
    try:
        if (shared := _existing()) is not None:
            on_it = shared.read(batches)
            found += [Kept(batch, shared, shared) for batch in on_it if batch.environment == mine]
    except CivgenError as error:
        note(f"Without the batches on the queue: {error.message}")
    return sorted(found, key=lambda kept: (kept.batch.created_at, kept.batch.id), reverse=True)


def _existing() -> SharedJournal | None:
    """The queue's journal, if the environment has one."""
    from civgen.jobs.shared.server import has_server

    if not has_server(state().environment):
        return None
    shared = shared_journal()
    return shared if shared.is_made() else None


def begin(lines: Iterable[str], source: str, terms: Terms, records: Sequence[Any]) -> None:
    """Put the lines of a batch on the queue."""
    from civgen.jobs.shared.line_up import begin_shared

    environment, shared = state().environment.name, shared_journal()
    batch = begin_shared(lines, source, environment, orchestrator(), terms, shared, records)
    note(f"Workers take its lines: {command('worker', '--env', environment)}")
    show(Kept(batch, shared, shared), "on the queue")


def go_on(kept: Kept, max_cost: float | None, *, again: bool) -> None:
    """Put the lines on the queue again that have no answer; with `again`, those that failed, too."""
    from civgen.jobs.batches import book
    from civgen.jobs.batches.jobs import look
    from civgen.jobs.shared.line_up import enqueue, take_up_shared
    from civgen.sandbox.connect import connect

    async def refresh(batch: Batch) -> None:
        async with connect(state().environment, state().workspace, batch.terms.concurrency) as client:
            await look(batch, kept.journal, client)

    assert kept.shared is not None
    batch = take_up_shared(kept.batch, kept.shared, max_cost)
    if again:
        asyncio.run(refresh(batch))
        kept.journal.write(lambda db: book.set_again(db, batch.id))
    put = enqueue(batch, kept.shared)
    show(Kept(batch, kept.shared, kept.shared), f"{put:,} more lines on the queue")


def show(kept: Kept, what: str) -> None:
    """Show how far a batch is, after something was done with it."""
    from civgen.jobs.batches.book import summary

    about = document(kept)
    words = in_words(kept.journal.read(lambda db: summary(db, kept.batch)))
    emit(about, lambda: note(f"Batch {kept.batch.id} {what}: {words}."))


def document(kept: Kept) -> dict[str, Any]:
    """A batch as `--json` shows it."""
    from civgen.jobs.batches.book import summary
    from civgen.jobs.shared.line_up import on_queue

    batch = kept.batch
    about = {"id": batch.id, "environment": batch.environment, "createdAt": batch.created_at}
    counts = kept.journal.read(lambda db: summary(db, batch)).as_json()
    queue = kept.shared.read(lambda db: on_queue(db, batch.id)).as_json() if kept.shared else None
    return {**about, "source": batch.source, "canceledAt": batch.canceled_at, **counts, "queue": queue}


def wait_for(kept: Kept) -> None:
    """Wait until nothing of a batch is left on the queue."""
    from civgen.jobs.batches.book import summary
    from civgen.jobs.shared.line_up import on_queue

    if kept.shared is None:
        return
    with kept.shared.opened() as db, progress(kept.batch.total) as tell:
        while (queue := on_queue(db, kept.batch.id)).waiting + queue.under_way:
            so_far = summary(db, kept.batch)
            spent = buzz(so_far.spent, so_far.unknown)
            tell(so_far.accepted + so_far.refused, spent, so_far.refused)
            time.sleep(_PAUSE)


def preparer_of(batch: Batch, records: Sequence[Any]) -> Preparer:
    """What reads the lines of a batch, as it was told to when the batch was begun."""
    from civgen.forms.form import Mode

    mode = Mode.REPAIR if batch.terms.repair else Mode.STRICT
    return new_preparer(batch.terms.tier, batch.terms.features, records, mode)
