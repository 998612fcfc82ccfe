"""What the journal has that was begun and not ended."""

from __future__ import annotations

from dataclasses import dataclass

from civgen.jobs.batches.book import Batch, batches, summary
from civgen.jobs.journal import Db, Journal


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A submission of which no workflow is known: it was refused, or cut off."""

    external_id: str
    asked_at: str


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What is open in one environment, newest first.

    Attributes:
        unanswered: submissions that belong to no batch.
        batches: those that are neither complete nor canceled, with how many lines have no answer.
    """

    unanswered: list[Unanswered]
    batches: list[tuple[Batch, int]]

    def __bool__(self) -> bool:
        """Whether anything is open."""
        return bool(self.unanswered or self.batches)


def leftovers_in(journal: Journal, environment: str) -> Leftovers:
    """What is open.

    Raises:
        InvalidFile: the file is no journal.
    """
    return journal.read(lambda db: Leftovers(_unanswered(db, environment), _batches(db, environment)))


def _unanswered(db: Db, environment: str) -> list[Unanswered]:
    query = (
        "SELECT external_id, asked_at FROM submissions WHERE environment = ? AND workflow_id IS NULL"
        " AND external_id NOT IN (SELECT external_id FROM lines WHERE external_id IS NOT NULL)"
        " ORDER BY asked_at DESC"
    )
    return [Unanswered(*row) for row in db.execute(query, (environment,))]


def _batches(db: Db, environment: str) -> list[tuple[Batch, int]]:
    mine = [one for one in batches(db) if one.environment == environment and one.canceled_at is None]
    found = [(batch, summary(db, batch)) for batch in mine]
    return [(batch, so_far.in_doubt + so_far.not_sent) for batch, so_far in found if not so_far.is_complete]
