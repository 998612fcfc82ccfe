"""What a payload may depend on: the values of a form and the resources they name, as one tree.

A page without Python computes the same tree from what a person fills in, and evaluates nodes over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civgen.engines.base import Resource, Resources

Facts = Mapping[str, Any]
Path = tuple[str | int, ...]


class _Absent:
    """The lack of a value; `None` is one."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()

#: How long a list may be for its entries to be looked at one by one; longer than any form's.
_MANY = 16


def facts_of(values: Mapping[str, Any], resources: Resources, versions: frozenset[int]) -> dict[str, Any]:
    """The tree: every value under its field's key, and what was made of resources under names with `@`.

    Args:
        versions: numbers of the versions on offer; any other checkpoint counts as 0 in `@version`.
    """
    number = (values.get("model") or {}).get("id")
    lists = {"@addons": resources.addons, "@loras": resources.loras, "@all": resources.all}
    singles = {
        "@checkpoint": resources.checkpoint,
        "@vae": resources.vae,
        "@upscaler": resources.upscaler,
    }
    return {
        **plain(dict(values)),
        "@version": number if number in versions else 0,
        **{name: [described(one) for one in several] for name, several in lists.items()},
        **{name: described(one) for name, one in singles.items() if one is not None},
    }


def described(one: Resource) -> dict[str, Any]:
    """A resource as a tree; `strength` only where something was said."""
    strength = {} if one.strength is None else {"strength": plain(one.strength)}
    return {"id": one.id, "type": one.type, "air": one.air, **strength}


def plain(value: Any) -> Any:
    """A value as JSON has it: lists for tuples, whole numbers without a point."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def at(facts: Any, path: Path) -> Any:
    """The value at a path, or `ABSENT`."""
    for step in path:
        if isinstance(facts, dict):
            facts = facts.get(step, ABSENT)
        elif isinstance(facts, list) and isinstance(step, int) and step < len(facts):
            facts = facts[step]
        else:
            return ABSENT
    return facts


def paths(value: Any, before: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every path of a tree with what stands there, containers before what is in them."""
    if before:
        yield before, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from paths(part, (*before, key))
    elif isinstance(value, list):
        for number, part in enumerate(value[:_MANY]):
            yield from paths(part, (*before, number))


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON, where true is not 1."""
    if one is ABSENT or other is ABSENT:
        return one is other
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(part, other[key]) for key, part in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)
