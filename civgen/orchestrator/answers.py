"""What the orchestrator answers.

Tolerant on purpose: the API grows, so unknown keys are passed over, and null or missing ones take
defaults. Everything keeps what was received in `raw`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

Number = int | float

#: Statuses after which nothing changes; the others are unassigned, preparing, scheduled, processing.
TERMINAL = frozenset({"succeeded", "failed", "expired", "canceled"})


class Answer(BaseModel):
    """Base of all answers.

    Attributes:
        raw: the JSON object as it was received.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)

    raw: dict[str, Any] = Field(default={}, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _tolerant(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if value is not None} | {"raw": data}


class Blob(Answer):
    """A file that was made or uploaded.

    Attributes:
        type: `image`, `video`, `audio` or `model3d`.
        url: None when it is not available, or hidden; signed, so whoever reads it can open it.
        width: pixels; `height` likewise.
        duration: seconds of sound.
        nsfw_level: `pg`, `pg13`, `r`, `x` or `xxx`; None or `na` when unrated.
    """

    id: str
    type: str = ""
    available: bool = False
    url: str | None = Field(default=None, repr=False)
    url_expires_at: datetime | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    nsfw_level: str | None = None
    blocked_reason: str | None = None
    job_id: str | None = None


class QueuePosition(Answer):
    """Where a job stands in line.

    Attributes:
        support: `available`, `unavailable` or `unsupported`.
    """

    support: str = "unsupported"
    preceding_jobs: int | None = None
    start_at: datetime | None = None
    complete_at: datetime | None = None


class Job(Answer):
    """A piece of a step that one worker does.

    Attributes:
        cost: compute, not Buzz.
    """

    id: str = ""
    status: str = "unassigned"
    started_at: datetime | None = None
    completed_at: datetime | None = None
    queue_position: QueuePosition | None = None
    cost: float | None = None
    estimated_progress_rate: float | None = None


class Step(Answer):
    """A step of a workflow; `output` is None until there is one."""

    name: str = ""
    type: str = Field(default="", alias="$type")
    status: str = "unassigned"
    priority: str | None = None
    timeout: str | None = None
    jobs: tuple[Job, ...] = ()
    started_at: datetime | None = None
    completed_at: datetime | None = None
    estimated_progress_rate: float | None = None
    metadata: dict[str, Any] = {}
    input: Any = None
    output: Any = None

    @property
    def blobs(self) -> tuple[Blob, ...]:
        """Every file in its output, whatever the step type calls it."""
        return tuple(Blob.model_validate(one) for one in _blobs_in(self.output))


class Cost(Answer):
    """A price in Buzz: `base` times every factor, plus every fixed amount, plus tips.

    Attributes:
        total: None when it is not known, which is not the same as 0.
        estimate: whether it is what will be charged at best approximately.
        source: who says so, where it is not the orchestrator itself.
    """

    total: Number | None = None
    base: Number | None = None
    factors: dict[str, Number] = {}
    fixed: dict[str, Number] = {}
    tips: dict[str, Number] = {}
    estimate: bool = False
    source: str | None = None


class Transaction(Answer):
    """Buzz that was taken (`debit`) or given back (`credit`)."""

    type: str
    amount: Number
    account_type: str = ""
    id: str | None = None


class Transactions(Answer):
    """What was, or would be, charged.

    Attributes:
        insufficient_buzz: set on a whatIf when the account cannot pay.
    """

    list: tuple[Transaction, ...] = ()
    insufficient_buzz: bool | None = None


class Workflow(Answer):
    """An orchestrator workflow; `id` is None on a whatIf."""

    id: str | None = None
    status: str = "unassigned"
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = {}
    cost: Cost = Cost()
    transactions: Transactions = Transactions()
    currencies: tuple[str, ...] = ()
    nsfw_level: str | None = None
    allow_mature_content: bool | None = None
    external_id: str | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in TERMINAL

    @property
    def blobs(self) -> tuple[Blob, ...]:
        """Every file in the outputs of all steps, in their order."""
        return tuple(blob for step in self.steps for blob in step.blobs)


class ResourceInfo(Answer):
    """What is publicly known of a resource.

    Attributes:
        can_generate: whether it may be used in a request; None when the answer does not say.
    """

    air: str = ""
    can_generate: bool | None = None


class Page(Answer):
    """Some of the workflows that were asked for.

    Attributes:
        next: where to go on; empty or None at the end.
    """

    items: tuple[Workflow, ...] = ()
    next: str | None = None


def _blobs_in(output: Any) -> Iterator[Mapping[str, Any]]:
    """A blob is known by what the contract requires of one, for step types differ in what they call it."""
    for value in output.values() if isinstance(output, Mapping) else ():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping) and {"id", "available"} <= one.keys():
                yield one
