"""What `civgen submit` answers."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from civgen.results.following import Following


class Cost(TypedDict):
    """What the orchestrator says that a request costs, in Buzz.

    Attributes:
        total: Null when it is not known; never 0 for that.
        known: Whether it is.
        base: Before factors.
        factors: What the base is multiplied by, by name.
        fixed: What is added then, by name.
        tips: What goes to creators, by receiver.
        estimate: Whether it is one.
        source: Who says so.
    """

    total: float | None
    known: bool
    base: float | None
    factors: dict[str, float]
    fixed: dict[str, float]
    tips: Any
    estimate: bool
    source: str


class Quote(TypedDict):
    """What a request would cost; nothing has run.

    Attributes:
        cost: The orchestrator's answer.
        published: The sum of published prices; null when a step has none.
        difference: How much more the orchestrator asks; null unless both are known.
        currencies: Buzz that would be taken, by its colour.
        balanceCovers: Whether the account can pay it; null when the answer or the price is not known.
        notChecked: What could still make it fail, or cost something else.
    """

    cost: Cost
    published: int | None
    difference: float | None
    currencies: dict[str, float]
    balanceCovers: bool | None
    notChecked: list[str]


class Upload(TypedDict):
    """A medium that was uploaded.

    Attributes:
        field: Of the request.
        file: That was read.
        size: Bytes.
        type: Media type.
        blob: Id that it has now.
    """

    field: str
    file: str
    size: int
    type: str
    blob: str


class DryRun(Quote, Following):
    """What a request would cost, and how it is submitted."""


class Submitted(Following):
    """A job. What it costs is said of a new one, not of one that --resume goes on with.

    Attributes:
        id: Of the job.
        externalId: Under which it was sent; --resume takes it.
        status: Of the job.
        files: Results that were downloaded; only --wait does.
        cost: As quoted before it was sent.
        published: The sum of published prices; null when a step has none.
        difference: How much more the orchestrator asks; null unless both are known.
        currencies: Buzz that is taken, by its colour.
        balanceCovers: Whether the account could pay it; null when the answer or the price was not known.
        notChecked: What could still make it fail.
        uploads: Media that were uploaded for it.
    """

    id: str
    externalId: str
    status: str
    files: list[str]
    cost: NotRequired[Cost]
    published: NotRequired[int | None]
    difference: NotRequired[float | None]
    currencies: NotRequired[dict[str, float]]
    balanceCovers: NotRequired[bool | None]
    notChecked: NotRequired[list[str]]
    uploads: NotRequired[list[Upload]]


class TooDear(TypedDict):
    """Beside an error: what would be spent was not allowed.

    Attributes:
        price: Buzz; null when it is not known.
        maxCost: Buzz that --max-cost allows.
    """

    price: float | None
    maxCost: float


class LineQuoted(Quote):
    """A line of a batch under --dry-run.

    Attributes:
        id: As the line gave it.
        ok: Always true.
    """

    id: Any
    ok: bool
