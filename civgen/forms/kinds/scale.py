"""How much larger, or how many times as fast: choices that the size or speed of a source medium limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Reading
from civgen.forms.kinds.choice import Choice, as_option
from civgen.forms.schema.words import NOTHING, Schema, all_of, any_of, has, lacks, one_of_values, table

#: Names of a measure in what is told of a medium, where it has several; the largest counts.
MEASURED = {"side": ("width", "height")}
#: Sides of an enlarged image are multiples of this many pixels.
GRID = 64


class Factor(Choice):
    """A factor by which a `measure` of the medium in the field `of` grows: `side` or `fps`.

    Only factors are on offer that keep it within `limit` pixels of the longer side, or frames a second.
    """

    kind = "factor"
    PROPERTIES = Choice.PROPERTIES | {"of", "measure", "limit"}
    __slots__ = ()

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102
        measured = list(_measured(facts.get(shown["of"]), shown["measure"]))
        kept = [
            one
            for one in shown["options"]
            if all(self.reached(as_option(one), value) <= shown["limit"] for value in measured)
        ]
        if not kept:
            shown["why"] = f"the source is too large: nothing keeps within {shown['limit']}"
        return super().settle(shown | {"options": kept}, facts)

    def schema_beside(self, shown: Mapping[str, Any]) -> Schema:
        """A factor is given that keeps the medium within the limit, or one of those offered does."""
        offered = shown["options"]
        given = [
            all_of([has(self.key, self.schema_of(one["value"], shown)), self._within(one, shown)])
            for one in offered
        ]
        fits = any_of(self._within(one, shown) for one in offered) if shown.get("required") else {}
        return any_of([*given, all_of([lacks(self.key, self.BLANK), fits])])

    def _within(self, option: Mapping[str, Any], shown: Mapping[str, Any]) -> Schema:
        """Requests whose medium an option keeps within the limit."""
        names = MEASURED.get(shown["measure"], (shown["measure"],))
        bound = self.bound(option, shown["limit"])
        number: Schema = {"type": "number"}
        image: Schema = {"properties": dict.fromkeys(names, bound)}
        unknown: Schema = {"not": table(dict.fromkeys(names, number))}
        video = {"properties": {"metadata": any_of([unknown, image])}}
        # A list is one of images, which all have their measures; a table alone may be either.
        media = {"items": image, **(video if shown["of"] == "video" else image)}
        return {"properties": {shown["of"]: media}}

    def bound(self, option: Mapping[str, Any], limit: float) -> Schema:
        """The values of the measure that an option keeps within the limit."""
        return {"maximum": limit / float(option["value"])}

    def reached(self, option: Mapping[str, Any], value: float) -> float:
        """What becomes of a measured value."""
        return float(option["value"]) * value

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102
        if not shown["options"]:
            return Reading(problem=self.wrong(value, "is not possible", allowed=[]), because=("limit",))
        return super().read(value, shown, facts)

    def nearest(self, wanted: Any, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        number = wanted if isinstance(wanted, int | float) else 0
        smaller = [one["value"] for one in shown["options"] if one["value"] <= number]
        return max(smaller, default=shown["default"])


class Enlargement(Factor):
    """How much images are enlarged: by a `multiplier`, or to a `resolution` of the longer side in pixels.

    Each option has a `value` to call it by and one of the two. Given as the platform writes it, for
    instance `{"type": "multiplier", "multiplier": 2}`, or by its `value`.
    """

    kind = "enlargement"
    PROPERTIES = Factor.PROPERTIES
    __slots__ = ()

    def reached(self, option: Mapping[str, Any], value: float) -> float:  # noqa: D102
        target = _target(option, value)
        return _on_grid(target) if target > value else math.inf

    def bound(self, option: Mapping[str, Any], limit: float) -> Schema:  # noqa: D102
        grid = math.floor(limit / GRID) * GRID
        if "multiplier" in option:
            return {"maximum": grid / option["multiplier"]} if option["multiplier"] > 1 else NOTHING
        return {"exclusiveMaximum": option["resolution"]} if option["resolution"] <= grid else NOTHING

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        return any_of(self.schema_of(option["value"], shown) for option in shown["options"])

    def schema_of(self, value: Any, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        return any_of([super().schema_of(value, shown), one_of_values([self.picked(value, shown)])])

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102
        named = (one["value"] for one in shown["options"] if self.picked(one["value"], shown) == value)
        return super().read(next(named, value), shown, facts)

    def picked(self, value: Any, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        option: Mapping[str, Any] = next((one for one in shown["options"] if one["value"] == value), {})
        kind = next((name for name in ("multiplier", "resolution") if name in option), None)
        return kind and {"type": kind, kind: option[kind]}

    def nearest(self, wanted: Any, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        said = wanted.get("multiplier") if isinstance(wanted, Mapping) else None
        number = said if isinstance(said, int | float) else 0
        smaller = [one["value"] for one in shown["options"] if 0 < one.get("multiplier", 0) <= number]
        return smaller[-1] if smaller else shown["default"]


def enlarged(width: int, height: int, selection: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height in pixels after an enlargement, each rounded up to the grid.

    >>> enlarged(1024, 768, {"type": "multiplier", "multiplier": 1.5})
    (1536, 1152)
    """
    target = _target(selection, max(width, height))
    ratio = width / height
    if width >= height:
        return _on_grid(target), _on_grid(math.floor(target / ratio + 0.5))
    return _on_grid(math.floor(target * ratio + 0.5)), _on_grid(target)


def _target(option: Mapping[str, Any], side: float) -> float:
    return float(option["resolution"]) if "resolution" in option else side * option["multiplier"]


def _on_grid(pixels: float) -> int:
    return math.ceil(pixels / GRID) * GRID


def _measured(medium: Any, measure: str) -> Iterator[float]:
    """The measure of each medium of a field, where it is known: images tell it, a video's metadata do."""
    for one in medium if isinstance(medium, list) else [medium or {}]:
        known = one if isinstance(medium, list) else one.get("metadata") or {}
        values = [known.get(name) for name in MEASURED.get(measure, (measure,))]
        told = [value for value in values if isinstance(value, int | float)]
        if len(told) == len(values):
            yield max(told)
