"""Python as text, laid out as formatters leave it: on one line, or one part a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: The width that ruff and black keep unless told otherwise.
WIDTH = 88


@dataclass(frozen=True, slots=True)
class Call:
    """A call, for instance of a field's class: `name(*args, **kwargs)`."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """Code as it stands."""

    text: str


def code(value: Any, indent: int = 0, column: int | None = None) -> str:
    """A value as code.

    Args:
        value: a `Call`, `Raw`, or a plain value; lists and mappings may hold any of them.
        indent: columns by which the line that it begins on is indented.
        column: where on that line it begins; a comma follows it.
    """
    column = indent if column is None else column
    flat = _flat(value)
    parts = list(_parts(value))
    if column + len(flat) + 1 <= WIDTH or not parts:
        return flat
    inner = indent + 4
    lines = [f"{' ' * inner}{before}{code(part, inner, inner + len(before))},\n" for before, part in parts]
    opening, closing = _brackets(value)
    return f"{opening}\n{''.join(lines)}{' ' * indent}{closing}"


def constant(name: str, value: Mapping[str, Any]) -> str:
    """A mapping as a constant of a module."""
    start = f"{name}: dict[str, Any] = "
    return start + code(value, 0, len(start))


def _flat(value: Any) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Call | list | tuple | Mapping):
        opening, closing = _brackets(value)
        return opening + ", ".join(f"{before}{_flat(part)}" for before, part in _parts(value)) + closing
    # Python's own spelling, but with the quotes that formatters want.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _parts(value: Any) -> Iterable[tuple[str, Any]]:
    """What stands between the brackets, each with what comes before it."""
    if isinstance(value, Call):
        return [
            *(("", one) for one in value.args),
            *((f"{name}=", one) for name, one in value.kwargs.items()),
        ]
    if isinstance(value, Mapping):
        return [(f"{_flat(name)}: ", one) for name, one in value.items()]
    if isinstance(value, list | tuple):
        return [("", one) for one in value]
    return []


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, Call):
        return f"{value.name}(", ")"
    return ("{", "}") if isinstance(value, Mapping) else ("[", "]")
