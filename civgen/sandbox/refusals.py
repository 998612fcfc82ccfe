"""What the sandbox refuses, beside what is in the one tree of errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civgen.errors import CivgenError, InvalidInput, NotAuthorised, Problem, RateLimited

if TYPE_CHECKING:
    from pydantic import ValidationError


class Forbidden(NotAuthorised):
    """HTTP 403, whose body is text alone: a right that the token lacks, or an account that cannot pay."""


class TooFast(RateLimited):
    """HTTP 429.

    Args:
        seconds: after which it is worth asking again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many requests; try again in {seconds} s", data={"retryAfter": seconds})
        self.seconds = seconds


class Blocked(CivgenError):
    """HTTP 422: an upload that moderation does not let through."""


def violations(error: ValidationError) -> InvalidInput:
    """The same for what a model refuses."""
    each = error.errors()
    return refused([Problem(".".join(map(str, one["loc"])), one["msg"], one["input"]) for one in each])


def refused(problems: list[Problem]) -> InvalidInput:
    """One error for all problems of a request."""
    return InvalidInput("One or more validation errors occurred", details=problems)
