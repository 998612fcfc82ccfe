"""Batches and their lines in the journal: what was asked for, what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from civgen.errors import NotFound, did_you_mean
from civgen.jobs.journal import Db, Submission, begin, compact, now

#: asked: sent, or about to be, and perhaps accepted. again: is to be submitted anew, under a new id.
#: repeated: has the id of an earlier line, and is never sent.
State = Literal["asked", "accepted", "refused", "again", "repeated"]

#: Ends of a job after which `retry-failed` submits it anew.
FAILED = ("failed", "expired", "canceled")
#: Ends of a job, after which its status stays.
ENDED = ("succeeded", *FAILED)
_BATCH = "SELECT id, environment, created_at, source, fingerprint, total, terms, canceled_at FROM batches "
_LINE = "SELECT number, state, external_id, price, workflow_id, status, answer FROM lines "
#: What a batch has cost: what is in flight or done, and what earlier attempts of its lines cost.
_SPENT = "coalesce(sum(CASE WHEN state IN ('asked', 'accepted') THEN price ELSE 0 END), 0) + sum(lost)"
_UNKNOWN = "count(CASE WHEN state IN ('asked', 'accepted') AND price IS NULL THEN 1 END)"


@dataclass(frozen=True)
class Terms:
    """How the lines of a batch are read and run.

    Attributes:
        max_cost: Buzz that the whole of it may cost.
        out: where files go; None when nobody waits for them.
        slots: jobs in the queue at once; None for no limit.
    """

    tier: str | None = None
    features: list[str] = field(default_factory=list)
    repair: bool = False
    max_cost: float | None = None
    out: str | None = None
    concurrency: int = 16
    slots: int | None = None


@dataclass(frozen=True)
class Batch:
    """A batch as it was begun.

    Attributes:
        source: path of the file it came from; `-` for stdin.
        fingerprint: digest of its lines.
    """

    id: str
    environment: str
    created_at: str
    source: str
    fingerprint: str
    total: int
    terms: Terms
    canceled_at: str | None = None

    def spool(self, state: Path) -> Path:
        """Where its lines lie in the state folder of a workspace."""
        return state / "batches" / f"{self.id}.jsonl"

    def records(self, state: Path) -> Path:
        """Where the resource records lie that were given with it."""
        return self.spool(state).with_suffix(".records.json")

    def lock(self, state: Path) -> Path:
        """What a run of it locks."""
        return self.spool(state).with_suffix(".lock")


@dataclass(frozen=True, slots=True)
class Row:
    """What the journal knows of a line; one that it does not know was never sent."""

    number: int
    state: State
    external_id: str | None
    price: float | None
    workflow_id: str | None
    status: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a batch is: numbers of lines, and Buzz.

    Attributes:
        in_doubt: sent, or about to be, without an answer yet; resuming sends them under the same id.
        ended: what became of the jobs, as far as it was looked at.
        spent: of the lines that were sent and whose price is known.
        unknown: lines that were sent and whose price is not known.
    """

    total: int
    accepted: int
    in_doubt: int
    refused: int
    not_sent: int
    ended: dict[str, int]
    spent: float
    unknown: int

    @property
    def is_complete(self) -> bool:
        """Whether a resumed run would send nothing."""
        return not (self.in_doubt or self.not_sent)

    def as_json(self) -> dict[str, Any]:
        """`{"total", "accepted", "inDoubt", "refused", "notSent", "jobs": {status: count}, "spent", …}`."""
        counts = {"total": self.total, "accepted": self.accepted, "inDoubt": self.in_doubt}
        rest = {"refused": self.refused, "notSent": self.not_sent, "jobs": self.ended, "spent": self.spent}
        return {**counts, **rest, "unknownPrice": self.unknown, "complete": self.is_complete}


def keep(db: Db, batch: Batch) -> None:
    """Write a batch down, or its new terms."""
    terms = compact(asdict(batch.terms))
    row = (batch.id, batch.environment, batch.created_at, batch.source, batch.fingerprint, batch.total, terms)
    db.execute(
        "INSERT INTO batches (id, environment, created_at, source, fingerprint, total, terms, canceled_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET terms = excluded.terms, canceled_at = excluded.canceled_at",
        (*row, batch.canceled_at),
    )


def batches(db: Db) -> list[Batch]:
    """All batches, newest first."""
    return [_batch(row) for row in db.execute(_BATCH + "ORDER BY created_at DESC, id DESC")]


def find_batch(db: Db, batch_id: str) -> Batch:
    """A batch by its id.

    Raises:
        NotFound: there is none, with the closest as a hint.
    """
    row = db.execute(_BATCH + "WHERE id = ?", (batch_id,)).fetchone()
    if row is None:
        known = [one.id for one in batches(db)]
        hint = did_you_mean(batch_id, known, "`civgen batch list` shows all of this workspace.")
        raise NotFound(f"There is no batch {batch_id!r}.", hint=hint)
    return _batch(row)


def rows(db: Db, batch_id: str, first: int, last: int) -> dict[int, Row]:
    """What is known of the lines from one number to another."""
    found = db.execute(_LINE + "WHERE batch = ? AND number BETWEEN ? AND ?", (batch_id, first, last))
    return {row[0]: Row(*row) for row in found}


def asked(
    db: Db,
    batch: Batch,
    number: int,
    body: Mapping[str, Any],
    price: float | None,
) -> Submission:
    """Note a line that is about to be sent, and its submission.

    Raises:
        Refused: it names an `externalId` that stands for something else.
    """
    submission = begin(db, body, batch.environment)
    db.execute(
        "INSERT INTO lines (batch, number, state, external_id, price) VALUES (?, ?, 'asked', ?, ?)"
        " ON CONFLICT (batch, number) DO UPDATE"
        " SET state = 'asked', external_id = excluded.external_id, price = excluded.price",
        (batch.id, number, submission.external_id, price),
    )
    return submission


def accepted(db: Db, batch: Batch, number: int, answer: Mapping[str, Any], charged: float | None) -> None:
    """Note what a line became. Its body has done its work, and is forgotten.

    Its price is the higher of what was set aside and what was charged, and unknown when neither is known.
    """
    db.execute(
        "UPDATE lines SET state = 'accepted', workflow_id = ?, status = ?, answer = ?,"
        " price = CASE WHEN price > ? THEN price ELSE coalesce(?, price) END"
        " WHERE batch = ? AND number = ?",
        (answer["workflowId"], answer["status"], compact(answer), charged, charged, batch.id, number),
    )
    db.execute(
        "UPDATE submissions SET workflow_id = ?, body = '' WHERE external_id = ?",
        (answer["workflowId"], answer["externalId"]),
    )


def refused(db: Db, batch: Batch, number: int, answer: Mapping[str, Any]) -> None:
    """Note a line that was refused, by civgen or by the orchestrator: nothing of it runs."""
    db.execute(
        "INSERT INTO lines (batch, number, state, answer) VALUES (?, ?, 'refused', ?)"
        " ON CONFLICT (batch, number)"
        " DO UPDATE SET state = 'refused', answer = excluded.answer, price = NULL",
        (batch.id, number, compact(answer)),
    )


def repeated(db: Db, batch: Batch, answers: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Note lines that are refused for good, since an earlier one has their id: `(number, answer)` each."""
    insert = "INSERT INTO lines (batch, number, state, answer) VALUES (?, ?, 'repeated', ?)"
    db.executemany(insert, [(batch.id, number, compact(answer)) for number, answer in answers])


def ended(db: Db, batch_id: str, seen: Iterable[tuple[int, str]]) -> None:
    """Note how far the jobs of lines are: `(number, status)` each."""
    update = "UPDATE lines SET status = ? WHERE batch = ? AND number = ?"
    db.executemany(update, [(status, batch_id, number) for number, status in seen])


def unfinished(db: Db, batch_id: str, after: int, most: int) -> list[Row]:
    """Accepted lines whose jobs were not seen to end, from a number on."""
    where = "WHERE batch = ? AND number > ? AND state = 'accepted' AND status NOT IN (?, ?, ?, ?)"
    query = _LINE + where + " ORDER BY number LIMIT ?"
    return [Row(*row) for row in db.execute(query, (batch_id, after, *ENDED, most))]


def in_doubt(db: Db, batch_id: str) -> dict[str, int]:
    """`{externalId: line}` of what was sent, or about to be, and not answered."""
    found = db.execute(
        "SELECT external_id, number FROM lines WHERE batch = ? AND state = 'asked'", (batch_id,)
    )
    return dict(found.fetchall())


def set_again(db: Db, batch_id: str) -> int:
    """Let every line that was refused, or whose job failed, be submitted anew; gives how many."""
    changed = db.execute(
        "UPDATE lines SET state = 'again', lost = lost + coalesce(price, 0), price = NULL,"
        " external_id = NULL, workflow_id = NULL, status = NULL, answer = NULL"
        " WHERE batch = ? AND (state = 'refused' OR (state = 'accepted' AND status IN (?, ?, ?)))",
        (batch_id, *FAILED),
    )
    return int(changed.rowcount)


def cancel(db: Db, batch: Batch) -> Batch:
    """Let nothing of a batch be sent any more."""
    batch = replace(batch, canceled_at=batch.canceled_at or now())
    keep(db, batch)
    return batch


def summary(db: Db, batch: Batch) -> Summary:
    """How far a batch is."""
    states = dict(_counts(db, "state", batch.id))
    jobs = {status: count for status, count in _counts(db, "status", batch.id) if status}
    sums = f"SELECT {_SPENT}, {_UNKNOWN} FROM lines WHERE batch = ?"
    spent, unknown = db.execute(sums, (batch.id,)).fetchone()
    accepted, in_doubt = states.get("accepted", 0), states.get("asked", 0)
    refused = states.get("refused", 0) + states.get("repeated", 0)
    not_sent = batch.total - accepted - in_doubt - refused
    exact = int(spent or 0) if spent is None or spent == int(spent) else spent
    return Summary(batch.total, accepted, in_doubt, refused, not_sent, jobs, exact, unknown)


def _counts(db: Db, column: str, batch_id: str) -> list[tuple[str | None, int]]:
    query = f"SELECT {column}, count(*) FROM lines WHERE batch = ? GROUP BY {column} ORDER BY {column}"
    return list(db.execute(query, (batch_id,)))


def _batch(row: Any) -> Batch:
    batch_id, environment, created_at, source, fingerprint, total, terms, canceled_at = row
    read = Terms(**json.loads(terms))
    return Batch(batch_id, environment, created_at, source, fingerprint, total, read, canceled_at)
