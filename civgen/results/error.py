"""What is said when something went wrong."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict


class Place(TypedDict):
    """Where something stands.

    Attributes:
        file: As it is to be written at this prompt; null when it is no file.
        line: From 1.
        column: From 1.
        field: Path of a field in the file or the request.
    """

    file: str | None
    line: int | None
    column: int | None
    field: str | None


class Detail(TypedDict):
    """One of several problems.

    Attributes:
        field: Path of the field, or the option, that is wrong.
        given: What stands there.
        message: What is wrong with it.
        allowed: What would be right: options in a list, or an object with min, max and step.
        hint: What to do about it.
        where: The place that says so, where it is a file.
    """

    field: str
    given: Any
    message: str
    allowed: Any
    hint: str | None
    where: Place | None


class ErrorBody(TypedDict):
    """An error: what it is for a program, what happened, what to do about it.

    Attributes:
        code: What it is, for a program; each has one exit code.
        message: What happened, in a sentence.
        hint: What to do about it.
        where: The place that is to blame, where there is one.
        details: Every problem, where there can be several.
        next: Commands that lead on, those of the hints first; answers in lines have none.
    """

    code: str
    message: str
    hint: str | None
    where: Place | None
    details: list[Detail]
    next: NotRequired[list[str]]


class Failed(TypedDict):
    """What stands in the place of a part of an answer that failed.

    Attributes:
        error: What went wrong.
    """

    error: ErrorBody


class Failure(TypedDict):
    """The document of a command that failed.

    Attributes:
        error: What went wrong.
        data: The answer, where there is one all the same: that something is not as it should be is one.
    """

    error: ErrorBody
    data: NotRequired[Any]


class FailedLine(TypedDict):
    """A line of a batch that failed.

    Attributes:
        id: As the line gave it.
        ok: Always false.
        error: What went wrong.
        data: The answer, where there is one all the same.
    """

    id: Any
    ok: bool
    error: ErrorBody
    data: NotRequired[Any]
