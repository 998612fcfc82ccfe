"""Model versions named in a request: the checkpoint, resources beside it, ControlNets.

Whether a resource fits the checkpoint is not a form's business: that is decided from records, by
compatibility (`civgen.jobs.resources`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeGuard

from civgen.errors import Problem
from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading
from civgen.forms.kinds.choice import Choice, options_in_full
from civgen.forms.schema.words import NO_ENTRIES, NULL, Schema, any_of, one_of_values, table

#: Model versions are numbered with 31 bits.
LARGEST_ID = 2147483647
_ID: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
_WORD: Schema = {"type": ["string", "null"]}
_STRENGTH: Schema = {"type": ["number", "null"]}
_WEIGHTS = {"weight": 2, "startStep": 1, "endStep": 1}


class ModelVersion(Choice):
    """The checkpoint, by number.

    `locked` allows only the `options`; else any checkpoint may be named, but for one that is an option
    elsewhere: a version made for other workflow keys.

    Never repaired: another model than the one asked for is not what was asked for.
    """

    kind = "model"
    PROPERTIES = Choice.PROPERTIES | {"locked", "versions"}
    __slots__ = ()

    def __init__(self, key: str = "model", **properties: Any) -> None:
        super().__init__(key, **properties)

    def picked(self, value: Any, shown: Mapping[str, Any]) -> Any:  # noqa: D102, ARG002
        return None if value is None else {"id": value}

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102
        limited = [one for one in shown.get("options") or () if isinstance(one, Mapping) and "match" in one]
        shown = super().settle(shown, facts)
        offered = [option["value"] for option in shown["options"]]
        return shown | {
            "elsewhere": {
                one["value"]: one["match"].get("workflow") for one in limited if one["value"] not in offered
            }
        }

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        entry = _entry(value)
        offered = [option["value"] for option in shown["options"]]
        if entry is None:
            problem = self.wrong(value, "must be the number of a model version", allowed=offered)
            return Reading(problem=problem)
        if entry["id"] in shown["elsewhere"] or (shown.get("locked") and entry["id"] not in offered):
            workflows = shown["elsewhere"].get(entry["id"])
            hint = f"It serves {', '.join(workflows)}." if workflows else None
            problem = self.wrong(entry["id"], "is not a version offered here", allowed=offered, hint=hint)
            return Reading(problem=problem, because=("locked",))
        return Reading(entry)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        if shown.get("locked"):
            return _reference(one_of_values(option["value"] for option in shown["options"]))
        return _reference(_other_than(shown["elsewhere"]))

    def schema_of(self, value: Any, shown: Mapping[str, Any]) -> Schema:  # noqa: D102, ARG002
        return _reference(one_of_values([value]))

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: D102
        offered = [option["value"] for option in shown["options"]]
        others = [one for one in mentioned if one not in offered and one not in shown["elsewhere"]]
        known = [*offered, *([] if shown.get("locked") else others)]
        for number in known:
            yield {"id": number}, self.schema_of(number, shown)
        if not shown.get("locked"):
            yield {"id": 0}, _reference(_other_than([*known, *shown["elsewhere"]]))


class Resource(ModelVersion):
    """One optional resource, for instance a VAE."""

    kind = "resource"
    __slots__ = ()


class Resources(Field):
    """Resources beside the checkpoint, each with `id` and perhaps `strength`; at most `limit` of them.

    `strength` holds the `min` and `max` of that, where the engine narrows it.
    """

    kind = "resources"
    BLANK: ClassVar[Schema] = NO_ENTRIES
    PROPERTIES = frozenset({"limit", "capped_by", "strength"})
    __slots__ = ()

    def __init__(self, key: str = "resources", **properties: Any) -> None:
        super().__init__(key, **properties)

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102
        cap = (facts.get("limits") or {}).get(shown.get("capped_by"))
        said = shown.get("limit")
        limits = [limit for limit in (said, cap) if limit is not None]
        return shown | ({"limit": min(limits), "capped": min(limits) != said} if limits else {})

    def empty(self, shown: Mapping[str, Any]) -> Any:  # noqa: D102, ARG002
        return []

    def is_missing(self, value: Any) -> bool:  # noqa: D102
        return value is None or value == []

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        entries = [_entry(entry) for entry in value] if isinstance(value, list) else [None]
        kept = [entry for entry in entries if entry is not None]
        if len(kept) < len(entries):
            return Reading(kept, self._not_resources(value))
        limit = shown.get("limit")
        if limit is not None and len(kept) > limit:
            problem = self.wrong(len(kept), f"are more than the {limit} allowed", allowed={"max": limit})
            return Reading(kept, problem, because=("limit", "capped_by"))
        return Reading(kept, self._strength_problem(kept, shown.get("strength")), because=("strength",))

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        told = shown.get("strength")
        limits = {"minimum": told["min"], "maximum": told["max"]} if told else {}
        return self._listed(_reference(_ID, _STRENGTH | limits), shown)

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:
        """So many of them, as far as anyone counts."""
        counted = max((one for one in mentioned if isinstance(one, int)), default=0) + 1
        most = shown.get("limit") or counted
        for count in range(1, min(most, counted) + 1):
            several = {"maxItems": count} if count < counted else {}
            yield [{"id": 1}] * count, {"type": "array", "minItems": count, **several}

    def _listed(self, entry: Schema, shown: Mapping[str, Any]) -> Schema:
        limit = {"maxItems": shown["limit"]} if shown.get("limit") is not None else {}
        return {"type": "array", "items": entry, "minItems": 1, **limit}

    def _strength_problem(
        self, kept: list[dict[str, Any]], allowed: Mapping[str, float] | None
    ) -> Problem | None:
        given = [entry["strength"] for entry in kept if entry.get("strength") is not None]
        wrong = [one for one in given if allowed and not allowed["min"] <= one <= allowed["max"]]
        return self.wrong(wrong, "have a strength that is not taken here", allowed=allowed) if wrong else None

    def _not_resources(self, value: Any) -> Problem:
        return self.wrong(
            value, "must be a list of resources", hint='For instance [{"id": 368189, "strength": 0.8}].'
        )


class ControlNets(Resources):
    """Images that guide the composition; `options` are the preprocessors.

    `weight` from 0 to 2; `startStep` and `endStep` are fractions of all steps, 0 to 1.
    """

    kind = "controlNets"
    holds_media = True
    PROPERTIES = Resources.PROPERTIES | {"options"}
    __slots__ = ()

    def __init__(self, key: str = "controlNets", **properties: Any) -> None:
        super().__init__(key, **properties)

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102
        return super().settle(shown, facts) | {"options": options_in_full(shown["options"])}

    def with_media(self, value: Any, of: Callable[[Any, str, str], Any]) -> Any:  # noqa: D102
        if not isinstance(value, list):
            return value
        return [
            {**net, "image": of(net["image"], "image", f"{self.key}[{number}].image")}
            if isinstance(net, Mapping) and net.get("image")
            else net
            for number, net in enumerate(value)
        ]

    def media_schema(self, of: Schema) -> Schema:  # noqa: D102
        return {"items": {"properties": {"image": of}}}

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        offered = [option["value"] for option in shown["options"]]
        entries = [_control_net(entry, offered) for entry in value] if isinstance(value, list) else [None]
        kept = [entry for entry in entries if entry is not None]
        if len(kept) < len(entries):
            problem = self.wrong(
                value,
                "must be a list of control nets",
                allowed=offered,
                hint='For instance [{"preprocessor": "canny", "image": {"url": "https://…"}}].',
            )
            return Reading([], problem, True)
        if len(kept) > shown["limit"]:
            message = f"are more than the {shown['limit']} allowed"
            problem = self.wrong(len(kept), message, allowed={"max": shown["limit"]})
            return Reading([], problem, True, ("limit",))
        return Reading(kept)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        url: Schema = {"type": "string", "minLength": 1}
        weights = {name: {"type": "number", "minimum": 0, "maximum": high} for name, high in _WEIGHTS.items()}
        needed = {
            "preprocessor": one_of_values(option["value"] for option in shown["options"]),
            "image": any_of([url, table({"url": url})]),
        }
        return self._listed(table(needed, weights), shown)

    def outline(self, shown: Mapping[str, Any]) -> dict[str, Any]:  # noqa: D102
        fraction = {"min": 0, "max": 1, "step": 0.05}
        return super().outline(shown) | {"weight": {**fraction, "max": 2, "default": 1}, "step": fraction}


def _reference(number: Schema, strength: Schema = _STRENGTH) -> Schema:
    """A model version: its number, or a table with it."""
    model = any_of([table({}, {"type": _WORD}), NULL])
    beside = {"strength": strength, "type": _WORD, "baseModel": _WORD, "model": model}
    return any_of([number, table({"id": number}, beside)])


def _other_than(numbers: Iterable[int]) -> Schema:
    listed = list(numbers)
    return _ID | ({"not": {"enum": listed}} if listed else {})


def _entry(value: Any) -> dict[str, Any] | None:
    """A reference to a model version: a number, or a mapping with `id`; None for anything else."""
    entry = dict(value) if isinstance(value, Mapping) else {"id": value}
    number = entry.get("id")
    if not _is_number(number) or number != int(number) or not 0 < number <= LARGEST_ID:
        return None
    model, strength = entry.get("model"), entry.get("strength")
    words = [entry.get("type"), entry.get("baseModel"), *([model.get("type")] if _is_table(model) else [])]
    plain = all(word is None or isinstance(word, str) for word in words)
    fits = plain and (model is None or _is_table(model)) and (strength is None or _is_number(strength))
    return {**entry, "id": int(number)} if fits else None


def _control_net(entry: Any, offered: list[Any]) -> dict[str, Any] | None:
    if not isinstance(entry, Mapping) or entry.get("preprocessor") not in offered:
        return None
    image = entry.get("image")
    image = {"url": image} if isinstance(image, str) else image
    if not isinstance(image, Mapping) or not isinstance(image.get("url"), str) or not image["url"]:
        return None
    net = {"mode": "auto", "weight": 1, "startStep": 0, "endStep": 1, **entry, "image": dict(image)}
    return net if all(_between(net[name], high) for name, high in _WEIGHTS.items()) else None


def _between(value: Any, high: float) -> bool:
    return _is_number(value) and 0 <= value <= high


def _is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a number that can be reckoned with: no NaN, nothing infinite."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf


def _is_table(value: Any) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)
