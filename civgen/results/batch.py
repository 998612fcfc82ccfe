"""What `civgen batch` and a batch of `civgen submit` answer."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from civgen.results.following import Following
from civgen.results.form import Repair
from civgen.results.submit import Upload


class OnQueue(TypedDict):
    """What of a batch is left to workers.

    Attributes:
        waiting: Lines that no worker has taken.
        underWay: Lines that one has.
        stopped: Why workers take no more of them; null when they do.
    """

    waiting: int
    underWay: int
    stopped: str | None


class Batch(TypedDict):
    """A batch, and how far it is.

    Attributes:
        id: As the commands of `civgen batch` take it.
        environment: To which it goes.
        createdAt: When it was begun, in UTC.
        source: The file of its lines; - for stdin.
        canceledAt: When it was cancelled; null when it was not.
        total: All lines.
        accepted: Lines that have become a job.
        inDoubt: Lines that were sent without an answer.
        refused: Lines that have failed.
        notSent: Lines that were not tried.
        jobs: How many jobs ended with which status, as far as is known.
        spent: Buzz of the lines that were sent, as far as their price is known.
        unknownPrice: Lines that were sent and whose price is not known; `spent` leaves them out.
        complete: Whether every line has an answer.
        queue: Null for a batch that no queue has.
    """

    id: str
    environment: str
    createdAt: str
    source: str
    canceledAt: str | None
    total: int
    accepted: int
    inDoubt: int
    refused: int
    notSent: int
    jobs: dict[str, int]
    spent: float
    unknownPrice: int
    complete: bool
    queue: OnQueue | None


class OneBatch(Batch, Following):
    """One batch, and how it goes on."""


class LineSubmitted(TypedDict):
    """A line of a batch that became a job.

    Attributes:
        id: As the line gave it.
        ok: Always true.
        workflowId: Id of the job.
        externalId: Under which it was sent: never twice.
        status: Of the job, when it was last looked at.
        cost: Buzz; null when it is not known.
        files: Results that were downloaded.
        repairs: What was changed, under --repair.
        uploads: Media that were uploaded for it.
    """

    id: Any
    ok: bool
    workflowId: str
    externalId: str
    status: NotRequired[str]
    cost: NotRequired[float | None]
    files: NotRequired[list[str]]
    repairs: NotRequired[list[Repair]]
    uploads: NotRequired[list[Upload]]


class Work(Following):
    """What a worker did until it was stopped.

    Attributes:
        ok: Lines that have become a job.
        failed: Lines that were refused or failed.
        putBack: Lines that it gave back.
        rescued: Lines that it took over from a worker that had died.
    """

    ok: int
    failed: int
    putBack: int
    rescued: int
