"""A worker: takes lines off the queue, also those that a dead one had taken, until it is asked to stop."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from civgen.db.failures import translated
from civgen.errors import CivgenError, InvalidInput, NotAuthorised, Unavailable
from civgen.jobs.batches.book import Batch
from civgen.jobs.batches.budget import Budget, OverBudget
from civgen.jobs.batches.prepare import Preparer
from civgen.jobs.grouped import Grouped
from civgen.jobs.journal import Db
from civgen.jobs.sending import Patience, Sender
from civgen.jobs.shared.journal import SharedJournal
from civgen.jobs.shared.line import Canceled, SharedRun, Taken, take
from civgen.jobs.shared.line_up import TASK, halt, queue_of
from civgen.jobs.shared.queue import Later, run_worker
from civgen.jobs.shared.slots import SharedSlots

if TYPE_CHECKING:
    from pathlib import Path

    from civgen.orchestrator.client import Orchestrator

#: Seconds before a line is tried again that was not answered, doubled each time, and how often.
_PAUSE, _LONGEST, _ATTEMPTS = 2, 300, 10
_RESCUE = """
SELECT count(procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL)::text)
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND job.queue_name = ?
AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => ?))
"""


@dataclass
class Tally:
    """What a worker has done.

    Attributes:
        ok: lines that were accepted; failed: those that were refused, for good.
        put_back: lines that are to be tried again later, by whichever worker.
        rescued: lines of dead workers that this one put back on the queue.
    """

    ok: int = 0
    failed: int = 0
    put_back: int = 0
    rescued: int = 0

    def as_json(self) -> dict[str, int]:
        """The document of `civgen worker`."""
        return {"ok": self.ok, "failed": self.failed, "putBack": self.put_back, "rescued": self.rescued}


@dataclass
class Worker:
    """Serves the queue of one environment.

    Attributes:
        orchestrator: URL of where it sends; lines that are for another it leaves alone.
        preparer: what reads the lines of a batch, from its terms and the records that were given with it.
        lease: seconds without a sign of life after which a worker counts as dead.
        say: told what a person should know.
    """

    environment: str
    orchestrator: str
    journal: SharedJournal
    client: Orchestrator
    state: Path
    preparer: Callable[[Batch, Sequence[Any]], Preparer]
    concurrency: int
    lease: float
    say: Callable[[str], None]
    tally: Tally = field(default_factory=Tally)
    patience: Patience = field(default_factory=Patience)

    async def serve(self) -> None:
        """Take lines until SIGINT or SIGTERM, then finish those that were taken.

        Raises:
            CivgenError: why it cannot go on.
        """
        async with self.journal.grouped() as group:
            self._group, self._runs = group, dict[str, tuple[Batch, SharedRun]]()
            self._sender = Sender(self.client, self.concurrency, self.patience)
            rescue = asyncio.create_task(self._rescue())
            try:
                await run_worker(
                    self.journal.server, queue_of(self.environment), TASK, self._one,
                    concurrency=self.concurrency, lease=self.lease,
                )  # fmt: skip
            finally:
                rescue.cancel()
                await asyncio.gather(rescue, return_exceptions=True)

    async def _one(self, batch: str, number: int, attempts: int) -> None:
        """Do one line.

        Raises:
            Later: it is to be tried again.
            CivgenError: this worker cannot go on.
        """
        try:
            taken = await self._group.write(lambda db: take(db, batch, number))
            self._check(taken)
            outcome = await self._run(taken, self._group).outcome(taken)
        except (OverBudget, Canceled) as error:
            why = None if isinstance(error, Canceled) else error.message
            if why:
                self.say(f"The batch {batch} stops: {why}")
            await self._group.write(partial(halt, batch_id=batch, why=why))
        except Unavailable as error:
            self._put_back(error, attempts)
        except Exception as error:
            if (known := translated(error, self.journal.server.place)) is None:
                raise
            self._put_back(known, attempts)
        else:
            self.tally.ok, self.tally.failed = (
                self.tally.ok + outcome.ok,
                self.tally.failed + (not outcome.ok),
            )

    def _put_back(self, error: CivgenError, attempts: int) -> None:
        if isinstance(error, InvalidInput | NotAuthorised):
            raise error
        if attempts >= _ATTEMPTS:
            self.say(
                f"{error.message} That was the last of {_ATTEMPTS} attempts; `civgen batch resume` goes on."
            )
            self.tally.failed += 1
            return
        self.tally.put_back += 1
        raise Later(min(_LONGEST, _PAUSE * 2**attempts)) from error

    def _check(self, taken: Taken) -> None:
        if taken.orchestrator != self.orchestrator:
            raise InvalidInput(
                f"The batch {taken.batch.id} was begun for the orchestrator {taken.orchestrator}, and the "
                f"environment {self.environment} has {self.orchestrator} here.",
                hint="Let both be the same; a line that was sent to one must not go to another.",
            )

    def _run(self, taken: Taken, group: Grouped) -> SharedRun:
        """What carries the lines of a batch through, under the terms of now."""
        known = self._runs.get(taken.batch.id)
        if known is None or known[0] != taken.batch:
            self._runs[taken.batch.id] = known = (taken.batch, self._new_run(taken, group))
        return known[1]

    def _new_run(self, taken: Taken, group: Grouped) -> SharedRun:
        batch, cap = taken.batch, taken.batch.terms.max_cost
        ready = self.preparer(batch, json.loads(taken.records) if taken.records else [])
        waiting = lambda limit: self.say(f"All {limit} queue slots are taken; waiting.")  # noqa: E731
        slots = SharedSlots(self.client, batch.terms.slots, self.journal, waiting)
        # Within the cap it is held in the database; here a price only must be known.
        budget = Budget(None if cap is None else math.inf)
        batch = replace(batch, terms=replace(batch.terms, concurrency=self.concurrency))
        return SharedRun(
            batch, self.state, ready.prepared, self.client, self._sender, slots, group, budget,
            priced=cap is not None,
        )  # fmt: skip

    async def _rescue(self) -> None:
        """Put back what dead workers had taken, again and again."""

        def work(db: Db) -> int:
            return int(db.execute(_RESCUE, (queue_of(self.environment), self.lease)).fetchone()[0])

        while True:
            try:
                found = await self._group.write(work)
            except Exception as error:
                if translated(error, "") is None:
                    raise
                logging.getLogger(__name__).debug("rescuing failed", exc_info=error)
                found = 0
            if found:
                self.tally.rescued += found
                self.say(f"Took over {found} lines of a worker that is gone.")
            await asyncio.sleep(self.lease / 3)
