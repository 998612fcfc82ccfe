"""What may be asked with the query string, and with the body of an update."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from civgen.sandbox.refusals import violations

#: Seconds after which the orchestrator answers with what there is.
LONGEST_WAIT = 100

Tag = Annotated[str, Field(max_length=200)]


class Question(BaseModel):
    """Base of all; unknown parameters of a query are passed over."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


class Reading(Question):
    """How to answer with a workflow."""

    wait: int = Field(default=0, ge=0)
    hide_mature_content: bool = False


class Submission(Reading):
    """How to take a workflow."""

    whatif: bool = False


class BlobReading(Question):
    """How to serve a blob; `nsfw_level` is the highest that is wanted."""

    nsfw_level: Literal["pg", "pg13", "r", "x", "xxx"] | None = None
    filename: str | None = None
    download: bool = False


class Filter(Question):
    """Which workflows to list; `tags` must all be there."""

    cursor: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    take: int = Field(default=100, ge=1, le=1000)
    tags: list[str] = []
    query: str = ""
    ascending: bool = False
    hide_mature_content: bool = True
    from_date: datetime | None = None
    to_date: datetime | None = None
    exclude_failed: bool = False

    @property
    def first_number(self) -> int | None:
        """The least number that `from_date` allows."""
        return None if self.from_date is None else number_at(_seconds(self.from_date))

    @property
    def last_number(self) -> int | None:
        """The greatest number that `to_date` allows."""
        return None if self.to_date is None else number_at(_seconds(self.to_date))


class Update(Question):
    """What may be changed about a workflow."""

    model_config = ConfigDict(extra="forbid", strict=True)

    status: Literal["canceled"] | None = None
    metadata: dict[str, Any] | None = None
    tags: Annotated[list[Tag], Field(max_length=10)] | None = None
    allow_mature_content: bool | None = None


class StepUpdate(Question):
    """What may be changed about a step."""

    model_config = ConfigDict(extra="forbid", strict=True)

    metadata: dict[str, Any]


Q = TypeVar("Q", bound=Question)


def understood(kind: type[Q], given: Any) -> Q:
    """What was asked.

    Raises:
        InvalidInput: with every problem.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise violations(error) from None


def number_at(seconds: float) -> int:
    """The number of a workflow that came at a second of the epoch: the microseconds, so that it orders them.

    >>> number_at(1.5)
    1500000
    """
    return round(seconds * 1e6)


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
