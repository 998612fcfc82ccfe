"""What all fields of a form have in common.

A field is declared once with its properties and with changes to them under conditions. Asked with
facts it answers how it is shown; asked with a value it answers what it makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civgen.errors import Problem
from civgen.forms.conditions import ALWAYS, Condition, Facts, condition
from civgen.forms.origin import Origin, declared_at
from civgen.forms.schema.words import NULL, Schema, one_of_values

_NOBODY = Origin()

#: Properties that every kind of field understands.
COMMON = frozenset({"label", "default", "required", "hidden", "disabled", "fixed", "unit", "help", "why"})


@dataclass(frozen=True, slots=True)
class Change:
    """Properties that take effect while a condition holds.

    Attributes:
        origin: who says so: the engine, an ecosystem or a version.
    """

    applies: Condition
    properties: Mapping[str, Any]
    origin: Origin = _NOBODY


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field makes of a given value.

    Attributes:
        value: what goes on to the engine; None when there is nothing.
        problem: why strict refuses it.
        repaired: `value` is what the platform would put in its place; when False, even the
            platform refuses.
        because: the properties that the value runs into, any of which may be the reason.
    """

    value: Any = None
    problem: Problem | None = None
    repaired: bool = False
    because: tuple[str, ...] = ()


#: What a layer says of a field: properties, changes under conditions, and who says the former.
Layer = tuple[Mapping[str, Any], Iterable[Change]] | tuple[Mapping[str, Any], Iterable[Change], Origin]


class Field:
    """One field of a form. Kinds subclass it; a kind is a module of `civgen.forms.kinds`.

    Args:
        key: its name in a request, as on the platform.
        when: mappings with `match` and/or `unless`, and the properties to change meanwhile.
        properties: see `COMMON` and the kind's `PROPERTIES`.
    """

    kind: ClassVar[str]
    #: The values that count as not given, as JSON Schema.
    BLANK: ClassVar[Schema] = NULL
    #: Whether its values hold media: see `with_media`.
    holds_media: ClassVar[bool] = False
    PROPERTIES: ClassVar[frozenset[str]] = frozenset()

    __slots__ = ("changes", "declared", "key", "layers", "properties")

    def __init__(self, key: str, *, when: Iterable[Mapping[str, Any]] = (), **properties: Any) -> None:
        self.key = key
        self.properties: Mapping[str, Any] = {"label": _label(key), **properties}
        self.changes = tuple(change_of(entry) for entry in when)
        self.declared = declared_at()
        self.layers: tuple[Change, ...] = (Change(ALWAYS, self.properties), *self.changes)
        self._refuse_unknown(properties)
        for change in self.changes:
            self._refuse_unknown(change.properties)

    def _refuse_unknown(self, properties: Mapping[str, Any]) -> None:
        unknown = sorted(properties.keys() - COMMON - self.PROPERTIES)
        if unknown:
            raise TypeError(f"{self.kind} field {self.key!r} has no {', '.join(unknown)}")

    def with_changes(
        self, properties: Mapping[str, Any], changes: Iterable[Change] = (), origin: Origin = _NOBODY
    ) -> Self:
        """The same field with other properties laid over it; the newest word wins.

        Args:
            origin: who says the properties; the changes bring their own.
        """
        changes = tuple(changes)
        other = self._copy()
        other.properties = {**self.properties, **properties}
        # A property said by a later layer also wins over an engine's own condition on it.
        kept = (_without(change, properties.keys()) for change in self.changes)
        other.changes = (*(change for change in kept if change.properties), *changes)
        said = (Change(ALWAYS, properties, origin),) if properties else ()
        other.layers = (*self.layers, *said, *changes)
        return other

    def owned_by(self, origin_of: Callable[[int], Origin]) -> Self:
        """The same field with an owner for each of its layers; the first is what it was declared with."""
        other = self._copy()
        other.layers = tuple(replace(one, origin=origin_of(n)) for n, one in enumerate(self.layers))
        return other

    def _copy(self) -> Self:
        other = object.__new__(type(self))
        for name in Field.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def said_of(self, part: str) -> Iterator[Change]:
        """The layers that speak of a property, in the order in which they are laid over."""
        return (layer for layer in self.layers if part in layer.properties)

    def resolve(self, facts: Facts) -> dict[str, Any]:
        """Its properties as they stand under `facts`."""
        shown = self.laid(facts)
        # What is hidden needs no options; only a ratio that follows an image still has a value then.
        if shown.get("hidden") and "follows" not in shown:
            return shown
        return self.settle(shown, facts)

    def laid(self, facts: Facts) -> dict[str, Any]:
        """Its properties with the changes that apply laid over them, as they were said."""
        shown = dict(self.properties)
        for change in self.changes:
            if change.applies(facts):
                shown.update(change.properties)
        return shown

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Derive what follows from the properties, such as which options are on offer."""
        return shown

    def empty(self, shown: Mapping[str, Any]) -> Any:
        """The value of a field that was not given."""
        return shown.get("default")

    def is_missing(self, value: Any) -> bool:
        """Whether `value` is as good as not given."""
        return value is None

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:
        """Judge a given value against the properties as shown. Whatever the value is, nothing is raised."""
        raise NotImplementedError

    def with_media(self, value: Any, of: Callable[[Any, str, str], Any]) -> Any:  # noqa: ARG002
        """A given value with `of(entry, medium, place)` in place of each medium in it.

        Args:
            of: takes an entry as it was given, what it must be (`image` or `video`), and its place in the
                request, such as `images[0]`.
        """
        return value

    def media_schema(self, of: Schema) -> Schema:  # noqa: ARG002
        """What says of a value that every medium in it fits `of`, as `with_media` finds them."""
        return {}

    def wrong(self, value: Any, message: str, *, allowed: Any = None, hint: str | None = None) -> Problem:
        """A problem of this field."""
        return Problem(self.key, message, given=value, allowed=allowed, hint=hint)

    @property
    def conditions(self) -> list[Condition]:
        """All conditions on it and on its options."""
        layers = (self.properties, *(change.properties for change in self.changes))
        options = (option for layer in layers for option in layer.get("options") or ())
        limited = (option["match"] for option in options if isinstance(option, Mapping) and "match" in option)
        return [*(change.applies for change in self.changes), *(condition(match) for match in limited)]

    @property
    def asks(self) -> set[str]:
        """The facts that it hangs on."""
        return {name for asked in self.conditions for name in asked.names}

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: ARG002
        """What `read` takes of what was given, as JSON Schema; nothing of `BLANK`."""
        return {}

    def schema_of(self, value: Any, shown: Mapping[str, Any]) -> Schema:  # noqa: ARG002
        """What stands for one value, as JSON Schema."""
        return one_of_values([value])

    def schema_beside(self, shown: Mapping[str, Any]) -> Schema:  # noqa: ARG002
        """What must hold of the whole request besides, as JSON Schema."""
        return {}

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: ARG002
        """Values that it takes: of each class that conditions may tell apart, one and the schema of all.

        Args:
            mentioned: the values and bounds that conditions speak of.
        """
        for value in mentioned:
            yield value, one_of_values([value])
        yield object(), {"not": {"enum": [None, *mentioned]}}

    def outline(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """The field as `civgen form show --json` gives it."""
        names = (
            "label",
            "default",
            "min",
            "max",
            "step",
            "options",
            "limit",
            "unit",
            "fixed",
            "presets",
            "why",
        )
        flags = ("required", "hidden", "disabled")
        return (
            {"key": self.key, "kind": self.kind}
            | {name: shown[name] for name in names if shown.get(name) is not None}
            | {name: True for name in flags if shown.get(name)}
        )


def change_of(entry: Mapping[str, Any], origin: Origin = _NOBODY) -> Change:
    """A `Change` from its written form: `match`, `unless`, and properties."""
    properties = {name: value for name, value in entry.items() if name not in ("match", "unless")}
    return Change(condition(entry.get("match"), entry.get("unless")), properties, origin)


def _without(change: Change, names: Iterable[str]) -> Change:
    gone = set(names)
    if gone.isdisjoint(change.properties):
        return change
    return replace(change, properties={k: v for k, v in change.properties.items() if k not in gone})


def _label(key: str) -> str:
    """A readable label from a key: `aspectRatio` becomes `Aspect ratio`."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in key)
    return spaced[:1].upper() + spaced[1:]
