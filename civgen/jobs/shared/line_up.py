"""The lines of a batch on the queue: put there, counted, taken off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from civgen.db.failures import in_plain_words
from civgen.errors import InvalidInput
from civgen.jobs.batches import book
from civgen.jobs.batches.begin import new_batch, refuse_canceled, refuse_uncounted
from civgen.jobs.batches.book import Batch, Terms
from civgen.jobs.batches.lines import Document, numbered, watched
from civgen.jobs.journal import Db, compact
from civgen.jobs.shared.journal import SharedJournal, Statements

if TYPE_CHECKING:
    import psycopg

#: Name of the work that a line is to procrastinate.
TASK = "civgen.line"
#: Lines that are put on the queue in one transaction, or read at once.
_CHUNK = 5000
_IS_OF = "split_part(queueing_lock, ':', 1) = ?"
#: Of a stretch of lines, those that have no answer and do not wait already.
_ENQUEUE = """
SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
    ?::varchar, ?::varchar, 0, NULL, texts.batch || ':' || texts.number,
    jsonb_build_object('batch', texts.batch, 'number', texts.number), NULL
)::procrastinate_job_to_defer_v1 ORDER BY texts.number)), count(*)
FROM texts LEFT JOIN lines USING (batch, number)
WHERE texts.batch = ? AND texts.number BETWEEN ? AND ?
AND coalesce(lines.state, 'again') IN ('asked', 'again')
AND NOT EXISTS (SELECT FROM procrastinate_jobs
    WHERE status = 'todo' AND queueing_lock = texts.batch || ':' || texts.number)
AND NOT EXISTS (SELECT FROM procrastinate_jobs
    WHERE status = 'doing' AND queueing_lock = texts.batch || ':' || texts.number)
HAVING count(*) > 0
"""


@dataclass(frozen=True, slots=True)
class OnQueue:
    """What the queue holds of a batch.

    Attributes:
        waiting: lines that no worker has taken.
        under_way: lines that a worker has taken.
        stopped: why its lines were taken off the queue; None as long as all is well.
    """

    waiting: int
    under_way: int
    stopped: str | None

    def as_json(self) -> dict[str, Any]:
        """`{"waiting", "underWay", "stopped"}`."""
        return {"waiting": self.waiting, "underWay": self.under_way, "stopped": self.stopped}


def queue_of(environment: str) -> str:
    """The queue of an environment; a worker serves just one."""
    return f"civgen-{environment}"


def begin_shared(
    lines: Iterable[str],
    source: str,
    environment: str,
    orchestrator: str,
    terms: Terms,
    journal: SharedJournal,
    records: Sequence[Mapping[str, Any]] = (),
) -> Batch:
    """Keep the lines of a batch in the database, all or none, and put them on the queue; nothing is sent.

    A line with the id of an earlier one is refused here, for good.

    Args:
        orchestrator: its URL: no worker sends the lines to another.

    Raises:
        InvalidInput: there are no lines, or one that PostgreSQL cannot keep.
    """
    batch = new_batch(source, environment, terms)
    with journal.opened():  # makes the tables
        pass
    with in_plain_words(journal.server.place), journal.connected() as connection, connection.transaction():
        digest, total = hashlib.sha256(), 0
        repeated: list[tuple[int, Document]] = []
        with connection.cursor().copy("COPY texts (batch, number, line) FROM STDIN") as copy:
            for number, text in watched(_kept(lines), source, repeated):
                line, total = f"{text}\n", total + 1
                digest.update(line.encode())
                copy.write_row((batch.id, number, line))
        if not total:
            raise InvalidInput("The batch has no lines.", hint='Write one {"id", "request"} a line.')
        batch = replace(batch, fingerprint=digest.hexdigest(), total=total)
        _keep(connection, batch, orchestrator, records, repeated)
    enqueue(batch, journal)
    return batch


def enqueue(batch: Batch, journal: SharedJournal) -> int:
    """Put every line on the queue that has no answer and is not there already; gives how many."""
    put, last = 0, journal.read(lambda db: _last(db, batch.id))
    for first in range(1, last + 1, _CHUNK):
        stretch = (batch.id, first, first + _CHUNK - 1)
        put += journal.write(partial(_put, words=(queue_of(batch.environment), TASK, *stretch)))
    return put


def _put(db: Db, words: tuple[Any, ...]) -> int:
    found = db.execute(_ENQUEUE, words).fetchone()
    return int(found[1]) if found else 0


def take_up_shared(batch: Batch, journal: SharedJournal, max_cost: float | None) -> Batch:
    """A batch ready to go on, with a new cap if there is one; `enqueue` does the rest.

    Raises:
        Refused: it was cancelled, or what it spent cannot be counted.
    """
    refuse_canceled(batch)
    if max_cost is not None:
        batch = replace(batch, terms=replace(batch.terms, max_cost=max_cost))

    def work(db: Db) -> None:
        refuse_uncounted(db, batch)
        book.keep(db, batch)
        db.execute("UPDATE batches SET stopped = NULL WHERE id = ?", (batch.id,))

    journal.write(work)
    return batch


def halt(db: Db, batch_id: str, why: str | None) -> None:
    """Take the lines off the queue that no worker has taken, and say why if that may change."""
    db.execute(f"DELETE FROM procrastinate_jobs WHERE status = 'todo' AND {_IS_OF}", (batch_id,))
    if why is not None:
        db.execute("UPDATE batches SET stopped = ? WHERE id = ?", (why, batch_id))


def cancel_shared(batch: Batch, journal: SharedJournal) -> Batch:
    """Let nothing of a batch be sent any more; what is under way its worker cancels."""

    def work(db: Db) -> Batch:
        halt(db, batch.id, None)
        return book.cancel(db, batch)

    return journal.write(work)


def on_queue(db: Db, batch_id: str) -> OnQueue:
    """What the queue holds of a batch."""
    query = f"SELECT status::text, count(*) FROM procrastinate_jobs WHERE {_IS_OF} GROUP BY status"
    counts = dict(db.execute(query, (batch_id,)).fetchall())
    stopped = db.execute("SELECT stopped FROM batches WHERE id = ?", (batch_id,)).fetchone()[0]
    return OnQueue(counts.get("todo", 0), counts.get("doing", 0), stopped)


def lines_on(db: Db, batch: Batch) -> Iterator[tuple[int, str]]:
    """The lines of a batch with their numbers, as they are consumed."""
    query = "SELECT number, line FROM texts WHERE batch = ? AND number BETWEEN ? AND ? ORDER BY number"
    for first in range(1, _last(db, batch.id) + 1, _CHUNK):
        yield from db.execute(query, (batch.id, first, first + _CHUNK - 1))


def _last(db: Db, batch_id: str) -> int:
    """The number of its last line; empty ones before it are counted."""
    found = db.execute("SELECT max(number) FROM texts WHERE batch = ?", (batch_id,)).fetchone()
    return int(found[0] or 0)


def _kept(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, text in numbered(lines):
        if "\0" in text:
            raise InvalidInput(f"Line {number} has a NUL character, so it is not JSON.")
        yield number, text


def _keep(
    connection: psycopg.Connection,
    batch: Batch,
    orchestrator: str,
    records: Sequence[Mapping[str, Any]],
    repeated: Sequence[tuple[int, Document]],
) -> None:
    db = Statements(lambda: connection)
    book.keep(db, batch)
    book.repeated(db, batch, repeated)
    given = compact(list(records)) if records else None
    extra = "UPDATE batches SET orchestrator = ?, records = ? WHERE id = ?"
    db.execute(extra, (orchestrator, given, batch.id))
