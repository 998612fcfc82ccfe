"""What each command answers under `--json`, said beside the command itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

C = TypeVar("C", bound=Callable[..., Any])

_MARK = "__civgen_answers__"


def answers(kind: Any) -> Callable[[C], C]:
    """Say what a command's document is.

    Args:
        kind: a type of `civgen.results`, or anything else that Pydantic can make a JSON Schema of.
    """

    def mark(command: C) -> C:
        setattr(command, _MARK, kind)
        return command

    return mark


def answer_of(callback: Any) -> Any:
    """What a command was said to answer; None when nothing was said."""
    return getattr(callback, _MARK, None)
