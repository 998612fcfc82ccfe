"""From the arguments of a call to what a tool takes, with every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from civgen.errors import InvalidInput, Problem, did_you_mean
from civgen.mcp.tool import Asked

A = TypeVar("A", bound=Asked)

#: What limits a value, by the names that Pydantic and an error's `allowed` have for it.
_LIMITS = {"ge": "min", "le": "max", "gt": "above", "lt": "below", "expected": "options"}


def asked_of(kind: type[A], arguments: Mapping[str, Any]) -> A:
    """The arguments as a tool takes them.

    Raises:
        InvalidInput: with every argument that is wrong, and what is allowed.
    """
    from pydantic import ValidationError

    # Many clients send null for what they leave out.
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        problems = [_problem(kind, entry) for entry in error.errors(include_url=False)]
    first = problems[0]
    more = f", and {len(problems) - 1} more problems" if len(problems) > 1 else ""
    raise InvalidInput(f"{first.field} {first.message}{more}.", hint=first.hint, details=problems)


def _problem(kind: type[Asked], entry: Any) -> Problem:
    name = ".".join(map(str, entry["loc"]))
    if entry["type"] == "missing":
        described = kind.model_fields[name].description if name in kind.model_fields else None
        return Problem(name, "is required", hint=described)
    if entry["type"] == "extra_forbidden":
        known = sorted(kind.model_fields)
        hint = did_you_mean(name, known)
        return Problem(name, "is no argument of this tool", entry["input"], known, hint)
    said = entry["msg"].removeprefix("Input ").replace("should ", "must ")
    return Problem(name, said[:1].lower() + said[1:], entry["input"], _allowed(entry.get("ctx", {})))


def _allowed(context: Mapping[str, Any]) -> Any:
    limits = {_LIMITS[name]: value for name, value in context.items() if name in _LIMITS}
    if "options" in limits:
        return [one.strip("'") for one in str(limits["options"]).replace(" or ", ", ").split(", ")]
    return limits or None
