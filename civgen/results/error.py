"""What is said when something went wrong."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict


class Place(TypedDict):
    """Where something stands; lines and columns count from 1."""

    file: str
    line: int | None
    column: int | None
    field: str | None


class Detail(TypedDict):
    """One of several problems."""

    field: str
    given: Any
    message: str
    allowed: Any
    hint: str | None
    where: Place | None


class ErrorBody(TypedDict):
    """An error: what it is for a program, what happened, what to do about it."""

    code: str
    message: str
    hint: str | None
    where: Place | None
    details: list[Detail]
    next: NotRequired[list[str]]


class Failure(TypedDict):
    """The document of a command that failed; `data` is the answer where there is one all the same."""

    error: ErrorBody
    data: NotRequired[Any]
