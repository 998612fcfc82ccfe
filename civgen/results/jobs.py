"""What `civgen jobs` answers."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from civgen.results.error import ErrorBody
from civgen.results.following import Following


class Job(TypedDict):
    """A job in few words.

    Attributes:
        id: As the commands of `civgen jobs` take it.
        status: As the orchestrator says it.
        createdAt: When.
        completedAt: When; null before its end.
        ecosystem: Of its request; null for one that civgen and the platform did not make.
        workflow: Workflow key of its request.
        prompt: Of its request.
        results: How many.
        keptBack: How many of them are not shown.
        cost: Buzz, as it was priced.
        charged: Buzz, as it was taken; null when that is not known.
        tags: Without those that every job has.
    """

    id: str
    status: str
    createdAt: str | None
    completedAt: str | None
    ecosystem: str | None
    workflow: str | None
    prompt: str | None
    results: int
    keptBack: int
    cost: float | None
    charged: float | None
    tags: list[str]


class Jobs(Following):
    """Jobs, the newest first.

    Attributes:
        jobs: A page of them.
        cursor: What --cursor takes for the following page; null after the last.
    """

    jobs: list[Job]
    cursor: str | None


class JobStep(TypedDict):
    """A step of a job.

    Attributes:
        name: Within the job.
        type: Step type.
        status: As the orchestrator says it.
        priority: As the orchestrator says it.
        startedAt: When.
        completedAt: When.
        input: As it was sent.
    """

    name: str | None
    type: str
    status: str
    priority: str | None
    startedAt: str | None
    completedAt: str | None
    input: dict[str, Any]


class Transaction(TypedDict):
    """Buzz that changed hands; as the orchestrator says it."""

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012


class Output(TypedDict):
    """A result.

    Attributes:
        number: From 1, over all of the job.
        id: Of the blob.
        type: image, video, and so on.
        width: Pixels.
        height: Pixels.
        level: pg, pg13, r, x or xxx; null when it was not rated.
        shown: Whether it may be shown.
        reason: Why not, as a word.
        why: Why not, in words.
        resolve: What would show it.
        url: Of one that is shown.
        urlExpiresAt: When the URL is good no more.
    """

    number: int
    id: str
    type: str
    width: int | None
    height: int | None
    level: str | None
    shown: bool
    reason: NotRequired[str]
    why: NotRequired[str]
    resolve: NotRequired[str | None]
    url: NotRequired[str | None]
    urlExpiresAt: NotRequired[str | None]


class OneJob(Job, Following):
    """Everything about one job.

    Attributes:
        externalId: Under which it was submitted.
        allowMatureContent: Null when the currency decides.
        nsfwLevel: Of the whole.
        currencies: That may pay.
        transactions: Buzz that changed hands.
        steps: One after the other.
        outputs: Its results.
    """

    externalId: str | None
    allowMatureContent: bool | None
    nsfwLevel: str | None
    currencies: list[str]
    transactions: list[Transaction]
    steps: list[JobStep]
    outputs: list[Output]


class Sight(TypedDict):
    """How a job stands.

    Attributes:
        id: Of the job.
        status: As the orchestrator says it.
        queuePosition: Jobs before it.
        progress: From 0 to 1.
        eta: When it is expected to end.
        error: Why it could not be read.
    """

    id: str
    status: str | None
    queuePosition: int | None
    progress: float | None
    eta: str | None
    error: NotRequired[ErrorBody]


class Watched(Following):
    """Jobs that have ended.

    Attributes:
        jobs: In the order in which they were named.
    """

    jobs: list[Sight]


class JobChange(TypedDict):
    """What became of one job that was to be changed.

    Attributes:
        id: Of the job.
        ok: Whether it was.
        error: Why not.
    """

    id: str
    ok: bool
    error: NotRequired[ErrorBody]


class JobChanges(TypedDict):
    """What became of jobs that were to be changed.

    Attributes:
        jobs: In the order in which they were named.
    """

    jobs: list[JobChange]


class Tags(TypedDict):
    """The tags of a job.

    Attributes:
        id: Of the job.
        tags: All of them, also those that every job has.
    """

    id: str
    tags: list[str]


class Download(TypedDict):
    """What became of one result.

    Attributes:
        job: Its id.
        blob: Its id.
        number: From 1, over all of the job.
        outcome: downloaded, present, kept back or failed.
        file: Where it is; null when there is none.
        bytes: Of the file.
        level: pg, pg13, r, x or xxx; null when it was not rated.
        shown: Whether it may be shown.
        reason: Why not, as a word.
        why: Why not, in words.
        resolve: What would show it.
        error: Why it failed.
    """

    job: str
    blob: str
    number: int
    outcome: str
    file: str | None
    bytes: int | None
    level: str | None
    shown: bool
    reason: NotRequired[str]
    why: NotRequired[str]
    resolve: NotRequired[str | None]
    error: NotRequired[ErrorBody]


class Downloads(TypedDict):
    """What was downloaded.

    Attributes:
        files: Result by result.
    """

    files: list[Download]


class Ratio(TypedDict):
    """Charge by estimate.

    Attributes:
        least: Of all jobs.
        median: Of all jobs.
        most: Of all jobs.
    """

    least: float
    median: float
    most: float


class CostExample(TypedDict):
    """A job whose charge was not what is published.

    Attributes:
        id: Of the job.
        estimate: Buzz, as published.
        charged: Buzz, as taken.
    """

    id: str
    estimate: float | None
    charged: float | None


class EngineCosts(TypedDict):
    """What the jobs of an engine cost by each account.

    Attributes:
        engine: Its key.
        jobs: How many.
        free: How many of them cost nothing.
        estimated: Buzz by published prices; null when none is known.
        quoted: Buzz as priced before submitting.
        charged: Buzz as taken.
        compared: Jobs that have both estimate and charge.
        ratio: Charge by estimate.
        quotedOff: Jobs that were charged otherwise than quoted.
        off: Jobs that were charged otherwise than published.
        examples: Some of those.
        verdict: In words.
    """

    engine: str
    jobs: int
    free: int
    estimated: float | None
    quoted: float | None
    charged: float | None
    compared: int
    ratio: Ratio | None
    quotedOff: int
    off: int
    examples: list[CostExample]
    verdict: str


class Costs(TypedDict):
    """Estimate, quote and charge, engine by engine.

    Attributes:
        jobs: How many were looked at.
        complete: Whether there are no older ones.
        engines: One after the other.
    """

    jobs: int
    complete: bool
    engines: list[EngineCosts]
