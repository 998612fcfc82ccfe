"""Choices: one of several options, a size, yes or no."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from civgen.forms.conditions import Condition, Facts, condition
from civgen.forms.field import Field, Reading
from civgen.forms.schema.words import Schema, any_of, one_of_values, table


class Choice(Field):
    """One of `options`, each a value or a mapping with `value`, `label` and perhaps `match`.

    An option with `match` is on offer only while that condition holds.
    """

    kind = "choice"
    PROPERTIES = frozenset({"options", "presets"})
    __slots__ = ()

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102
        parsed = _parsed(shown.get("options") or ())
        offered = [option for applies, option in parsed if applies is None or applies(facts)]
        shown["options"] = offered
        if shown.get("default") not in (values := [option["value"] for option in offered]):
            shown["default"] = next(
                (option["value"] for option in offered if option.get("default")),
                values[0] if values else None,
            )
        return shown

    def empty(self, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        return self.picked(shown["default"], shown)

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        wanted = named(value)
        values = [option["value"] for option in shown["options"]]
        for known in values:
            if equal(wanted, known):
                return Reading(self.picked(known, shown))
        problem = self.wrong(value, "is not on offer", allowed=values)
        instead = shown["default"] if shown.get("outside") == "default" else self.nearest(value, shown)
        return Reading(self.picked(instead, shown), problem, True, ("options", "ratios", "sizes", "limit"))

    def picked(self, value: Any, shown: Mapping[str, Any]) -> Any:  # noqa: ARG002
        """What goes on to the engine for an option's value."""
        return value

    def nearest(self, wanted: Any, shown: Mapping[str, Any]) -> Any:
        """The option that takes the place of one that is not on offer."""
        as_text = {str(option["value"]): option["value"] for option in shown["options"]}
        return as_text.get(str(named(wanted)), shown["default"])

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        return self._naming([option["value"] for option in shown["options"]])

    def schema_of(self, value: Any, shown: Mapping[str, Any]) -> Schema:  # noqa: D102, ARG002
        return self._naming([value])

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: D102, ARG002
        for option in shown["options"]:
            yield self.picked(option["value"], shown), self.schema_of(option["value"], shown)

    def _naming(self, values: list[Any]) -> Schema:
        named = one_of_values(values)
        return any_of([named, table({"value": named})])


class AspectRatio(Choice):
    """A ratio such as `16:9`; its value carries `width` and `height` in pixels where they are known.

    `ratios` names those of a size set that are offered. `follows` names a field of images: once there are
    any, the ratio is the offered one nearest to the first image's, and nobody's choice. One that is not on
    offer is repaired to the nearest that is, or with `outside = "default"` to the default.
    """

    kind = "aspectRatio"
    PROPERTIES = Choice.PROPERTIES | {"sizes", "ratios", "follows", "outside"}
    __slots__ = ()

    def __init__(self, key: str = "aspectRatio", **properties: Any) -> None:
        super().__init__(key, **properties)

    @property
    def conditions(self) -> list[Condition]:  # noqa: D102
        layers = (self.properties, *(change.properties for change in self.changes))
        followed = {layer["follows"] for layer in layers if layer.get("follows")}
        return [*super().conditions, *(condition({name: {"given": True}}) for name in sorted(followed))]

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102
        if ratios := shown.get("ratios"):
            sizes = {as_option(entry)["value"]: entry for entry in shown.get("options") or ()}
            shown["options"] = [sizes[ratio] for ratio in ratios if ratio in sizes]
        shown = super().settle(shown, facts)
        if images := facts.get(shown.get("follows") or ""):
            shown["derived"] = self.picked(self.nearest(images[0], shown), shown)
        return shown

    def picked(self, value: Any, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        option = next((option for option in shown["options"] if option["value"] == value), None)
        return option and {name: option[name] for name in ("value", "width", "height") if name in option}

    def nearest(self, wanted: Any, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        sides = isinstance(wanted, Mapping) and f"{wanted.get('width')}:{wanted.get('height')}"
        ratio = ratio_of(named(wanted)) or ratio_of(sides)
        values = [option["value"] for option in shown["options"]]
        return closest_ratio(ratio, values) if ratio and values else shown["default"]


class Toggle(Field):
    """Yes or no."""

    kind = "toggle"
    __slots__ = ()

    def empty(self, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        return shown.get("default", False)

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        if isinstance(value, bool):
            return Reading(value)
        problem = self.wrong(value, "must be true or false", allowed=[True, False])
        return Reading(self.empty(shown), problem, True)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102, ARG002
        return {"type": "boolean"}

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: D102, ARG002
        return ((value, one_of_values([value])) for value in (True, False))


def named(value: Any) -> Any:
    """The option that a value names: its `value` where it is a mapping, else itself."""
    return value.get("value") if isinstance(value, Mapping) else value


def equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: 8 and 8.0 are, 1 and true are not."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def ratio_of(text: Any) -> float | None:
    """Width over height of a ratio as people write it, or None.

    >>> ratio_of("3:2")
    1.5
    """
    try:
        width, height = (float(part) for part in str(text).split(":"))
    except ValueError:
        return None
    sides = 0 < width < math.inf and 0 < height < math.inf
    return width / height if sides else None


def closest_ratio(ratio: float, candidates: Sequence[str]) -> str:
    """The candidate nearest to `ratio` (width over height).

    >>> closest_ratio(1024 / 768, ["16:9", "1:1", "9:16"])
    '1:1'
    """
    return min(candidates, key=lambda one: abs((ratio_of(one) or 1.0) - ratio))


def as_option(entry: Any) -> dict[str, Any]:
    """An option in full, from a bare value or a mapping."""
    if not isinstance(entry, Mapping):
        return {"value": entry, "label": str(entry)}
    return {"label": str(entry["value"]), **{name: part for name, part in entry.items() if name != "match"}}


def options_in_full(options: Sequence[Any]) -> list[dict[str, Any]]:
    """All options in full, whatever their conditions."""
    return [option for _, option in _parsed(options)]


_Parsed = tuple[tuple[Condition | None, dict[str, Any]], ...]

#: Options parsed before, by the identity of their list, which is kept so that the identity stays its own.
_KNOWN: dict[int, tuple[Sequence[Any], _Parsed]] = {}
_MANY = 4096


def _parsed(options: Sequence[Any]) -> _Parsed:
    """Options in full with their conditions. A form is evaluated many times, its options do not change."""
    known = _KNOWN.get(id(options))
    if known is not None and known[0] is options:
        return known[1]
    if len(_KNOWN) > _MANY:
        _KNOWN.clear()
    parsed = tuple((_condition_of(entry), as_option(entry)) for entry in options)
    _KNOWN[id(options)] = (options, parsed)
    return parsed


def _condition_of(entry: Any) -> Condition | None:
    return condition(entry["match"]) if isinstance(entry, Mapping) and "match" in entry else None
