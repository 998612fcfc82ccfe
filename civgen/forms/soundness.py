"""Whether a form agrees with itself: its ranges begin before they end, and its defaults lie within.

A default is taken where nothing is given, and is not judged then: a form that does not take its own is
refused before any request is made of it, once for each form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Problem, Where
from civgen.forms.conditions import plain
from civgen.forms.field import Change, Field
from civgen.forms.form import Form
from civgen.forms.words import could_hold

ENDS = ("min", "max")
_PACKAGE = Path(__file__).resolve().parents[1]
_RANGE = frozenset({*ENDS, "default"})


def refuse_unsound(form: Form, offered: Mapping[str, Iterable[Any]]) -> None:
    """Refuse a form that does not agree with itself.

    Args:
        offered: values that facts can have at all, by name: what asks for others says nothing here.

    Raises:
        InvalidFile: with every place at which something is said that does not fit.
    """
    found = [problem for field in form.fields for problem in _problems(field, offered)]
    if found:
        first = found[0]
        raise InvalidFile(
            f"{first.where}: {first.field} {first.message}."
            if first.where
            else f"{first.field} {first.message}.",
            hint="Mend it there; `civgen lint` finds all such places.",
            where=first.where,
            details=found,
        )


def range_faults(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a range and its default: the property, and a message."""
    low, high, default = (_number(plain(said.get(name))) for name in (*ENDS, "default"))
    if low is not None and high is not None and low > high:
        yield "min", f"begins at {low} and ends at {high}"
    elif default is not None and not said.get("options") and not _within(default, low, high):
        yield "default", f"starts with {default}, which is not from {_end(low)} to {_end(high)}"


def _problems(field: Field, offered: Mapping[str, Iterable[Any]]) -> Iterator[Problem]:
    seen = set()
    for shown, change in _states(field, offered):
        # What is fixed or hidden starts with nothing.
        away = shown.get("hidden") or shown.get("fixed") is not None
        for name, message in range_faults(shown):
            if not (away and name == "default") and message not in seen:
                seen.add(message)
                where = _place(field, change, (name, *ENDS))
                yield Problem(field.key, message, given=shown.get(name), where=where)


def _states(
    field: Field, offered: Mapping[str, Iterable[Any]]
) -> Iterator[tuple[Mapping[str, Any], Change | None]]:
    """Properties that surely stand together: without a change, and with one that no other interferes with."""
    yield field.properties, None
    changes = [one for one in field.changes if could_hold(one.applies, offered)]
    ranges = [one for one in changes if not _RANGE.isdisjoint(one.properties)]
    for one in changes:
        if all(other is one or _apart(one, other) for other in ranges):
            yield {**field.properties, **one.properties}, one
        elif one in ranges:
            yield one.properties, one


def _apart(one: Change, other: Change) -> bool:
    """Whether two changes never hold at once, as those of two versions."""
    here, there = (said.applies.written.get("match", {}) for said in (one, other))
    return any(
        not isinstance(here[name], Mapping)
        and not isinstance(there[name], Mapping)
        and set(_listed(here[name])).isdisjoint(_listed(there[name]))
        for name in here.keys() & there.keys()
    )


def _listed(wanted: Any) -> Sequence[Any]:
    return wanted if isinstance(wanted, list | tuple) else [wanted]


def _place(field: Field, change: Change | None, names: Sequence[str]) -> Where | None:
    """Where the newest layer of a state says one of these properties."""
    for layer in reversed(field.layers):
        said = [name for name in names if name in layer.properties]
        if said and (layer is change or not layer.applies.written):
            # One layer may come from two files, of which the one that is not civgen's own is to be mended.
            places = [layer.origin.where(name) for name in said]
            return next((one for one in places if one and not _is_built_in(one)), places[0])
    return None


def _is_built_in(place: Where) -> bool:
    return Path(place.file or "").resolve().is_relative_to(_PACKAGE)


def _within(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or low <= number) and (high is None or number <= high)


def _end(number: float | None) -> str:
    return "anything" if number is None else str(number)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
