"""JSON as it is given to civgen: an object with a key twice is refused, since one of the two is a mistake."""

from __future__ import annotations

import json
from typing import Any

from civgen.errors import InvalidInput, Problem


def parse(text: str) -> Any:
    """What a JSON text says.

    Raises:
        json.JSONDecodeError: it is none.
        InvalidInput: an object has a key twice, with each such key and its values.
    """
    return _DECODER.decode(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _twice(pairs)
    return found


def _twice(pairs: list[tuple[str, Any]]) -> InvalidInput:
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    hint = "Leave all but one of them out."
    message = "stands more than once in the same object"
    problems = [Problem(key, message, given=given, hint=hint) for key, given in values.items() if given[1:]]
    names = ", ".join(problem.field for problem in problems)
    return InvalidInput(f"{names} {message}.", hint=hint, details=problems)


_DECODER = json.JSONDecoder(object_pairs_hook=_object)
