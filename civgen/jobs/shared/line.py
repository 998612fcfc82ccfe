"""One line of a batch on the queue: taken, held against the cap, sent, answered.

What may not happen twice is decided in the database, in one transaction: that the line has no id yet, that
its price is within the cap of the whole, that the batch was not cancelled; and with that its id is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civgen.errors import CivgenError, NotAuthorised, Refused, Unavailable
from civgen.jobs.batches import book
from civgen.jobs.batches.book import Batch, Row
from civgen.jobs.batches.budget import Budget, OverBudget
from civgen.jobs.batches.run import Outcome, Run
from civgen.jobs.journal import Db, Submission

_HELD = "SELECT spent, canceled_at FROM batches WHERE id = ?"
_CAP = "SELECT terms FROM batches WHERE id = ?"


class Canceled(Refused):
    """The batch was cancelled meanwhile."""


class Busy(Unavailable):
    """Another worker has begun the line meanwhile."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A line as a worker takes it.

    Attributes:
        row: what is known of it.
        records: resource records that were given with the batch, as JSON.
        orchestrator: where it is to be sent.
    """

    batch: Batch
    number: int
    text: str
    row: Row | None
    records: str | None
    orchestrator: str


def take(db: Db, batch_id: str, number: int) -> Taken:
    """A line, and what is known of it and its batch."""
    query = (
        "SELECT line, records, orchestrator FROM texts JOIN batches ON id = batch"
        " WHERE batch = ? AND number = ?"
    )
    text, records, orchestrator = db.execute(query, (batch_id, number)).fetchone()
    row = book.rows(db, batch_id, number, number).get(number)
    return Taken(book.find_batch(db, batch_id), number, text, row, records, orchestrator)


def is_canceled(db: Db, batch_id: str) -> bool:
    """Whether a batch was cancelled."""
    return db.execute(_HELD, (batch_id,)).fetchone()[1] is not None


class SharedRun(Run):
    """Carries single lines of a batch through, which others work on, too."""

    async def outcome(self, taken: Taken) -> Outcome:
        """What becomes of a line.

        Raises:
            Unavailable: it is to be tried again later.
            OverBudget, Canceled: the batch is not to go on.
            NotAuthorised: this worker may not send.
        """
        outcome = await self._line((taken.number, taken.text, taken.row))
        workflow_id = outcome.answer.get("workflowId")
        if workflow_id and await self._group.write(lambda db: is_canceled(db, taken.batch.id)):
            await self._client.cancel(workflow_id)
        return outcome

    def _asked(self, db: Db, number: int, body: Mapping[str, Any], price: float | None) -> Submission:
        spent, canceled_at = db.execute(_HELD, (self._batch.id,)).fetchone()
        if canceled_at is not None:
            raise Canceled(f"The batch {self._batch.id} was cancelled.")
        known = book.rows(db, self._batch.id, number, number).get(number)
        if known is not None and known.external_id is not None:
            raise Busy("Another worker has begun this line.")
        terms = json.loads(db.execute(_CAP, (self._batch.id,)).fetchone()[0])
        Budget(terms["max_cost"], spent).reserve(price)
        return super()._asked(db, number, body, price)

    async def _failed(self, number: int, identity: Any, error: CivgenError, row: Row | None) -> Outcome:
        if isinstance(error, Unavailable | NotAuthorised | OverBudget | Canceled):
            raise error
        return await super()._failed(number, identity, error, row)
