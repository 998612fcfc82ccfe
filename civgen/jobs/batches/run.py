"""A run of a batch: lines in, answers out in the same order, a window at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import aclosing, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.errors import AnswerIsNo, CivgenError, NotAuthorised, Unavailable
from civgen.garbage import rarely_collected
from civgen.jobs.batches import book
from civgen.jobs.batches.book import Batch, Row
from civgen.jobs.batches.budget import Budget, OverBudget
from civgen.jobs.batches.lines import failure, identity_of, numbered, place_of, placed, read_line
from civgen.jobs.batches.prepare import Prepared
from civgen.jobs.batches.spool import lines_of
from civgen.jobs.batches.window import in_order
from civgen.jobs.body import whatif_body
from civgen.jobs.submit import fetch, finish
from civgen.jobs.substitution import refuse_substitution

if TYPE_CHECKING:
    from civgen.jobs.grouped import Grouped
    from civgen.jobs.journal import Db, Submission
    from civgen.jobs.sending import Sender
    from civgen.jobs.slots import Slots
    from civgen.orchestrator.answers import Workflow
    from civgen.orchestrator.client import Orchestrator

Document = dict[str, Any]
#: From a line to what is to be posted for it.
Prepare = Callable[[Document], Awaitable[Prepared]]

#: Lines that are looked at before the first of them must be answered, for each that is sent at once.
_AHEAD, _LEAST_AHEAD = 4, 64
_CHUNK = 500
#: So many lines in a row without an answer mean that the service is down, not that it stumbled.
_OUTAGE = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line.

    Attributes:
        answer: the line of JSON that is printed for it.
        is_new: whether this run, and not an earlier one, found it out.
    """

    answer: Document
    is_new: bool = True

    @property
    def ok(self) -> bool:
        """Whether it is what was asked for."""
        return bool(self.answer["ok"])


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission and what it became.

    Attributes:
        body: what was posted; None when that is no longer known.
        price: what was set aside for it.
    """

    workflow: Workflow
    external_id: str
    body: Mapping[str, Any] | None
    price: float | None


class Run:
    """Carries the lines of a batch through.

    Args:
        state: folder of the workspace's state.
        group: the journal, written to for many lines at once.
        budget: what may be spent, with what earlier runs have spent.
        priced: whether the orchestrator is asked for each price first.
    """

    def __init__(
        self,
        batch: Batch,
        state: Path,
        prepare: Prepare,
        client: Orchestrator,
        sender: Sender,
        slots: Slots,
        group: Grouped,
        budget: Budget,
        *,
        priced: bool,
    ) -> None:
        self._batch, self._state, self._prepare = batch, state, prepare
        self._client, self._sender, self._slots, self._group = client, sender, slots, group
        self._budget, self._priced = budget, priced
        # Twice what is sent at once, so that lines are on disk when their turn comes; but of those whose
        # jobs are waited for no more than were asked for.
        ahead = 1 if batch.terms.out else 2
        self._in_flight = asyncio.Semaphore(ahead * batch.terms.concurrency)
        self._unanswered = 0
        #: Why no further line is begun; None as long as all is well.
        self.stopped: CivgenError | None = None

    @property
    def spent(self) -> float:
        """Buzz that its lines have cost or may cost so far."""
        return self._budget.spent

    async def outcomes(self) -> AsyncGenerator[Outcome, None]:
        """Every line in its order; when the run stops, those that were looked at by then."""
        ahead = max(_LEAST_AHEAD, _AHEAD * self._batch.terms.concurrency)
        with closing(self._entries()) as entries, rarely_collected():
            async with aclosing(
                in_order(entries, self._line, ahead, lambda: self.stopped is None)
            ) as outcomes:
                async for outcome in outcomes:
                    yield outcome

    def _entries(self) -> Generator[tuple[int, str, Row | None], None, None]:
        """Every line beside what the journal knows of it."""
        lines = numbered(lines_of(self._batch.spool(self._state)))
        with self._group.journal.opened() as db:
            while chunk := list(islice(lines, _CHUNK)):
                known = book.rows(db, self._batch.id, chunk[0][0], chunk[-1][0])
                yield from ((number, text, known.get(number)) for number, text in chunk)

    async def _line(self, entry: tuple[int, str, Row | None]) -> Outcome:
        number, text, row = entry
        if row and row.answer and not self._goes_on(row):
            return Outcome(json.loads(row.answer), is_new=False)
        async with self._in_flight:
            if self.stopped is not None:
                return Outcome(failure(identity_of(text), self.stopped))
            try:
                # What was sent is gone on with, whatever is thought of its line now.
                was_sent = row is not None and row.external_id is not None
                line = {"id": identity_of(text)} if was_sent else read_line(text)
                return Outcome(await self._carry(number, line, row))
            except CivgenError as error:
                return await self._failed(number, identity_of(text), error, row)

    def _goes_on(self, row: Row) -> bool:
        """Whether its job is to be waited for, and was not seen to end."""
        waits = self._batch.terms.out is not None and row.state == "accepted"
        return waits and row.status not in book.ENDED

    async def _carry(self, number: int, line: Document, row: Row | None) -> Document:
        """The answer of a line; what is raised on the way leaves it not accepted, or in doubt."""
        sent = await self._submitted(number, line, row)
        self._unanswered = 0
        workflow, charged = sent.workflow, sent.workflow.cost.total
        self._budget.settle(sent.price, charged)
        answer = {"id": line.get("id"), "ok": True, "workflowId": workflow.id, "externalId": sent.external_id}
        answer |= {"status": workflow.status, "cost": charged, **_swapped(sent)}
        await self._group.write(lambda db: book.accepted(db, self._batch, number, answer, charged))
        if self._batch.terms.out is None or not answer["ok"]:
            return answer
        answer |= await self._ending(workflow, Path(self._batch.terms.out))
        if answer["status"] in book.ENDED:
            await self._group.write(lambda db: book.accepted(db, self._batch, number, answer, charged))
        return answer

    async def _submitted(self, number: int, line: Document, row: Row | None) -> Sent:
        """What a line became: submitted now, or found again."""
        if row is not None and row.external_id is not None:
            return await self._found(row, row.external_id)
        prepared = await self._prepare(line)
        price = await self._reserved(prepared.body)
        noted = None
        try:
            body = await prepared.posted(self._client)
            async with self._slots.one():
                noted = await self._group.write(lambda db: self._asked(db, number, body, price))
                workflow = await self._sender.send(noted.body)
        except CivgenError as error:
            # What is sent again under its id keeps what was set aside for it.
            if noted is None or not isinstance(error, Unavailable | NotAuthorised):
                self._budget.release(price)
            raise
        return Sent(workflow, noted.external_id, noted.body, price)

    def _asked(self, db: Db, number: int, body: Mapping[str, Any], price: float | None) -> Submission:
        """Note a line that is about to be sent."""
        return book.asked(db, self._batch, number, body, price)

    async def _found(self, row: Row, external_id: str) -> Sent:
        """What an earlier run sent, or was about to."""
        noted = self._group.journal.find(external_id)
        if workflow_id := row.workflow_id or noted.workflow_id:
            return Sent(await self._client.get(workflow_id), external_id, None, row.price)
        return Sent(await self._sender.send(noted.body, in_doubt=True), external_id, noted.body, row.price)

    async def _reserved(self, body: Mapping[str, Any]) -> float | None:
        """The price of a body, set aside; None where nobody has to know it."""
        price = None
        if self._priced:
            answer = await self._sender.price(whatif_body(body))
            refuse_substitution(body, answer, "Nothing was sent.")
            price = answer.cost.total
        self._budget.reserve(price)
        return price

    async def _ending(self, workflow: Workflow, out: Path) -> Document:
        """How a job ends, with its files; or that this is not known yet."""
        try:
            workflow = await finish(workflow, self._client)
            files = await fetch(workflow, self._client, out)
        except AnswerIsNo as error:
            return {"ok": False, "status": error.data["status"], "error": error.as_json()["error"]}
        except CivgenError as error:
            return {"ok": False, "error": error.as_json()["error"]}
        return {"status": workflow.status, "files": [str(path) for path in files]}

    async def _failed(self, number: int, identity: Any, error: CivgenError, row: Row | None) -> Outcome:
        """What a failure means: for the line alone, or for those behind it too."""
        answer = failure(identity, placed(error, place_of(self._batch.source, number)))
        if isinstance(error, Unavailable):
            self._unanswered += 1
        is_outage = isinstance(error, Unavailable) and self._unanswered >= _OUTAGE
        if is_outage or isinstance(error, NotAuthorised | OverBudget):
            self.stopped = self.stopped or error
        elif not isinstance(error, Unavailable) and (row is None or row.state != "accepted"):
            await self._group.write(lambda db: book.refused(db, self._batch, number, answer))
        return Outcome(answer)


def _swapped(sent: Sent) -> Document:
    """What an answer says of a model that was swapped; nothing when all is as it was asked for."""
    try:
        refuse_substitution(sent.body or {"steps": []}, sent.workflow, f"It runs as {sent.workflow.id}.")
    except AnswerIsNo as error:
        return {"ok": False, "error": error.as_json()["error"]}
    return {}
