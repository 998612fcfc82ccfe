"""Numbers: sliders, quantities, seeds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from civgen.errors import InvalidInput
from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading
from civgen.forms.schema.words import Schema, one_of_values

#: As many numbers are listed where their steps are no whole numbers; `multipleOf` is not safe with fractions.
_MANY = 20_000


class Number(Field):
    """A number from `min` to `max` in steps of `step`, counted from `min`.

    `capped_by` names a limit of the user's tier that `max` never exceeds. With `between`, the step is that of
    a slider, and numbers between its steps are taken too. A number out of range gives way to the nearest
    end, or with `outside = "default"` to the default.
    """

    kind = "number"
    PROPERTIES = frozenset({"min", "max", "step", "presets", "capped_by", "between", "outside"})
    __slots__ = ()

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102
        cap = (facts.get("limits") or {}).get(shown.get("capped_by"))
        if cap is not None:
            said, shown["max"] = shown.get("max"), _cap(shown, cap)
            shown["capped"] = shown["max"] != said
        return shown

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        number = _as_number(value)
        allowed = {name: shown[name] for name in ("min", "max", "step") if shown.get(name) is not None}
        if number is None:
            return Reading(self.empty(shown), self.wrong(value, "must be a number", allowed=allowed), True)
        fitted = self._fitted(number, shown)
        if isinstance(value, str):
            problem = self.wrong(
                value, "must be a number, not text", allowed=allowed, hint=f"Write {value} without quotes."
            )
            return Reading(fitted, problem, True)
        if fitted == number:
            return Reading(fitted)
        message, because = _complaint(number, shown)
        return Reading(fitted, self.wrong(value, message, allowed=allowed), True, because)

    def _fitted(self, number: float, shown: Mapping[str, Any]) -> Any:
        """The number itself, or what takes its place."""
        if shown.get("outside") == "default" and number != _within(number, shown):
            return self.empty(shown)
        return _fit(number, {**shown, "step": None} if shown.get("between") else shown)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        spans = {"minimum": shown.get("min"), "maximum": shown.get("max")}
        span: Schema = {"type": "number"} | {name: end for name, end in spans.items() if end is not None}
        step = shown.get("step")
        if not step or shown.get("between"):
            return span
        if step == int(step) and not (shown.get("min") or 0) % step:
            return span | ({"type": "integer"} if step == 1 else {"type": "integer", "multipleOf": step})
        return span | one_of_values(_stops(shown))

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: ARG002
        """Every number that is spoken of, and what lies between two of them."""
        known = sorted(one for one in mentioned if _as_number(one) is not None)
        for number in known:
            yield number, one_of_values([number])
        for low, high in zip([None, *known], [*known, None], strict=True):
            ends = {"exclusiveMinimum": low, "exclusiveMaximum": high}
            inside = (low + high) / 2 if low is not None and high is not None else None
            value = inside if inside is not None else low + 1 if low is not None else (high or 0) - 1
            span = {name: end for name, end in ends.items() if end is not None}
            yield value, {"type": "number", **span}


class Quantity(Number):
    """How many outputs to make."""

    kind = "quantity"
    __slots__ = ()


class Seed(Field):
    """A whole number from `min` to `max`, or nothing: then one is drawn when the request is sent."""

    kind = "seed"
    PROPERTIES = frozenset({"min", "max"})
    __slots__ = ()

    def __init__(self, key: str = "seed", **properties: Any) -> None:
        super().__init__(key, **({"min": 1, "max": 4294967295} | properties))

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        low, high = shown["min"], shown["max"]
        number = _as_number(value)
        fits = isinstance(number, int) and low <= number <= high
        if fits and not isinstance(value, str):
            return Reading(number)
        problem = self.wrong(
            value,
            f"must be a whole number from {low} to {high}, or left out",
            allowed={"min": low, "max": high},
        )
        return Reading(number if fits else None, problem, True, ("min", "max"))

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        return {"type": "integer", "minimum": shown["min"], "maximum": shown["max"]}


def _stops(shown: Mapping[str, Any]) -> list[float | int]:
    """All numbers of a slider that has both ends.

    Raises:
        InvalidInput: there are too many, or one end is open, so that they cannot be listed.
    """
    low, high, step = shown.get("min"), shown.get("max"), shown["step"]
    if low is None or high is None or (high - low) / step > _MANY:
        raise InvalidInput(f"Steps of {step} from {low} to {high} cannot be listed in a schema.")
    found = (_fit(low + number * step, shown) for number in range(math.ceil((high - low) / step) + 1))
    return list(dict.fromkeys(found))


def _as_number(value: Any) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def _fit(number: float, shown: Mapping[str, Any]) -> float | int:
    """The nearest allowed number: within the range, and on a step of it."""
    number = _within(number, shown)
    if step := shown.get("step"):
        base = shown.get("min") or 0
        number = round(_within(base + math.floor((number - base) / step + 0.5) * step, shown), 9)
    return int(number) if number == int(number) else number


def _within(number: float, shown: Mapping[str, Any]) -> float:
    low, high = shown.get("min"), shown.get("max")
    number = number if low is None else max(low, number)
    return number if high is None else min(high, number)


def _cap(shown: Mapping[str, Any], cap: float) -> float:
    """The highest value within `max` and `cap` that a step reaches."""
    high: float = min(shown.get("max", cap), cap)
    low: float = shown.get("min", 0)
    step = shown.get("step")
    return max(low, low + math.floor((high - low) / step) * step) if step else high


def _complaint(number: float, shown: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What is wrong with a number, and the properties that it runs into."""
    low, high, unit = shown.get("min"), shown.get("max"), shown.get("unit", "")
    if low is not None and number < low:
        return f"is below {low}{unit and ' ' + unit}", ("min",)
    if high is not None and number > high:
        return f"is above {high}{unit and ' ' + unit}", ("max", "capped_by")
    return f"is not on a step of {shown['step']} from {low or 0}", ("step", "min")
