"""A form: fields in order, evaluated in one forward pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from civgen.errors import Problem, did_you_mean
from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Layer, Reading
from civgen.forms.words import explained


class Mode(Enum):
    """What to do about a value that does not fit."""

    STRICT = "strict"
    """Refuse, listing every problem."""
    REPAIR = "repair"
    """Do what the platform does, reporting each change; refuse what even the platform refuses."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A value that was changed, and why."""

    field: str
    given: Any
    to: Any
    why: str

    def as_json(self) -> dict[str, Any]:
        """The entry of an answer's `repairs`."""
        return {"field": self.field, "from": self.given, "to": self.to, "why": self.why}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with values in it.

    Attributes:
        values: what goes on to the engine: one entry a field that is not hidden, or whose value is derived.
        shown: the fields as they stood, in order: `(field, properties)`.
        problems: everything that is wrong.
        repairs: everything that was changed.
    """

    values: dict[str, Any]
    shown: list[tuple[Field, dict[str, Any]]]
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def outline(self) -> list[dict[str, Any]]:
        """The fields as `civgen form show --json` gives them, those that apply and are anyone's choice."""
        chosen = [(one, shown) for one, shown in self.shown if "derived" not in shown]
        return [one.outline(shown) for one, shown in chosen if not shown.get("hidden")]


class Form:
    """Fields in the order in which they are evaluated; a field's conditions see those before it."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self._by_key = {field.key: field for field in fields}
        if len(self._by_key) < len(fields):
            keys = [field.key for field in fields]
            raise TypeError(f"fields declared twice: {sorted({key for key in keys if keys.count(key) > 1})}")

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def __getitem__(self, key: str) -> Field:
        return self._by_key[key]

    @property
    def keys(self) -> list[str]:
        """The keys of its fields, in order."""
        return list(self._by_key)

    def with_changes(self, layer: Mapping[str, Layer]) -> Form:
        """The same form with changes to some of its fields laid over it."""
        return Form(*(f.with_changes(*layer[f.key]) if f.key in layer else f for f in self.fields))

    def fill(self, given: Mapping[str, Any], facts: Facts, mode: Mode = Mode.STRICT) -> Filled:
        """Evaluate the form in one pass.

        Args:
            given: field values as requested; null counts as not given.
            facts: what conditions may ask besides the fields: `workflow`, `tier`, `limits`, `feature`.
        """
        filled = Filled({}, [])
        known = dict(facts)
        for one in self.fields:
            shown = one.resolve(known)
            filled.shown.append((one, shown))
            value = given.get(one.key)
            reading = _reading(one, value, shown, known)
            _note(filled, one, value, reading, shown, known, mode)
            if not shown.get("hidden") or "derived" in shown:
                known[one.key] = filled.values[one.key] = reading.value
        self._report_unknown(given, filled, mode)
        return filled

    def _report_unknown(self, given: Mapping[str, Any], filled: Filled, mode: Mode) -> None:
        for key in given.keys() - self._by_key.keys():
            if given[key] is None:
                continue
            if mode is Mode.REPAIR:
                filled.repairs.append(Repair(key, given[key], None, "is not a field of this form"))
            else:
                hint = did_you_mean(key, self._by_key, f"Fields: {', '.join(self._by_key)}")
                filled.problems.append(
                    Problem(key, "is not a field of this form", given=given[key], hint=hint)
                )


def _reading(one: Field, value: Any, shown: Mapping[str, Any], known: Facts) -> Reading:
    """What a field makes of a value, given or not."""
    if shown.get("hidden") or "derived" in shown:
        return _unwanted(one, value, shown, known)
    if "fixed" in shown:
        return _fixed(one, value, shown, known)
    if not one.is_missing(value):
        return one.read(value, shown, known)
    # What is given and says nothing stands as the plain nothing of its type: no text, no images.
    empty = one.empty(shown) if value is None else type(value)()
    if shown.get("required") and one.is_missing(empty):
        return Reading(empty, one.wrong(value, "is required"), because=("required",))
    return Reading(empty)


def _note(
    filled: Filled,
    one: Field,
    value: Any,
    reading: Reading,
    shown: Mapping[str, Any],
    known: Facts,
    mode: Mode,
) -> None:
    if reading.problem is None:
        return
    if mode is Mode.REPAIR and reading.repaired:
        filled.repairs.append(Repair(one.key, value, reading.value, reading.problem.message))
    else:
        filled.problems.append(explained(reading.problem, one, reading, shown, known))


def _unwanted(one: Field, value: Any, shown: Mapping[str, Any], known: Facts) -> Reading:
    """A value of a field that is not anyone's choice; one that says what holds anyway is no problem."""
    derived = shown.get("derived")
    if one.is_missing(value) or ("derived" in shown and one.read(value, shown, known) == Reading(derived)):
        return Reading(derived)
    problem = one.wrong(value, shown.get("why") or "does not apply here")
    return Reading(derived, problem, True, ("hidden", "follows"))


def _fixed(one: Field, value: Any, shown: Mapping[str, Any], known: Facts) -> Reading:
    fixed = shown["fixed"]
    reading = one.read(fixed, {**shown, "required": False}, {})
    if value is None or one.read(value, shown, known) == reading:
        return Reading(reading.value)
    unit = f" {shown['unit']}" if shown.get("unit") else ""
    problem = one.wrong(value, f"is fixed at {fixed}{unit}", allowed=[fixed])
    return Reading(reading.value, problem, True, ("fixed",))
