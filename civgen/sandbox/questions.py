"""What may be asked with the query string, and with the body of an update."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from civgen.errors import InvalidInput, Problem

#: Seconds after which the orchestrator answers with what there is.
LONGEST_WAIT = 100
_EVERY = "1"

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

    cursor: int | None = None
    take: int = Field(default=100, ge=1, le=1000)
    tags: list[str] = []
    query: str = ""
    ascending: bool = False
    hide_mature_content: bool = True
    from_date: datetime | None = None
    to_date: datetime | None = None
    exclude_failed: bool = False

    def sql(self, now: float) -> tuple[str, list[Any]]:
        """A condition on the store's `workflows`, and its values."""
        asked = [
            ("number > ?" if self.ascending else "number < ?", self.cursor),
            ("instr(json_extract(template, '$.metadata'), ?)", self.query or None),
            ("created >= ?", _seconds(self.from_date)),
            ("created <= ?", _seconds(self.to_date)),
            (
                "canceled IS NULL AND (outcome = 'succeeded' OR ends > ?)",
                now if self.exclude_failed else None,
            ),
            *(("id IN (SELECT workflow FROM tags WHERE tag = ?)", tag) for tag in self.tags),
        ]
        given = [(condition, value) for condition, value in asked if value is not None]
        return " AND ".join([_EVERY, *(condition for condition, _ in given)]), [value for _, value in given]


class Update(Question):
    """What may be changed about a workflow."""

    model_config = ConfigDict(extra="forbid", strict=True)

    status: Literal["canceled"] | None = None
    metadata: dict[str, Any] | None = None
    tags: Annotated[list[Tag], Field(max_length=10)] | None = None
    allow_mature_content: bool | None = None


Q = TypeVar("Q", bound=Question)


def understood(kind: type[Q], given: Any) -> Q:
    """What was asked.

    Raises:
        InvalidInput: with every problem.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise refused(
            [Problem(".".join(map(str, one["loc"])), one["msg"], one["input"]) for one in error.errors()]
        ) from None


def refused(problems: list[Problem]) -> InvalidInput:
    """One error for all problems of a request."""
    return InvalidInput("One or more validation errors occurred", details=problems)


def _seconds(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
