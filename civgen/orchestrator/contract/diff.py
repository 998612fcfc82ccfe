"""What two contracts say differently, leaf by leaf and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from civgen.orchestrator.contract.contract import Contract, Leaf
from civgen.orchestrator.contract.openapi import Schema

How = Literal["appeared", "vanished", "wider", "narrower", "changed"]

#: Keywords that allow less when they are greater, and more when they are greater.
_LOW = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_HIGH = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
#: What says nothing about which values are taken.
_TALK = ("properties", "items", "required", "description", "title", "examples", "default")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    Attributes:
        leaf: step type and discriminators, such as `videoGen veo3`.
        field: path within the input; empty for the leaf itself.
        what: the keyword that differs, or `leaf`, `field`, `required`.
        how: `narrower` may break what was taken; `wider` allows more.
    """

    leaf: str
    field: str
    what: str
    how: How
    before: Any = None
    after: Any = None

    @property
    def may_break(self) -> bool:
        """Whether a step that was taken may be refused now."""
        return self.how in ("vanished", "narrower", "changed")

    def as_json(self) -> dict[str, Any]:
        """`{"leaf", "field", "what", "how", "before", "after"}`."""
        return asdict(self)


def leaf_name(leaf: Leaf) -> str:
    """Step type and discriminators, as a person names a leaf."""
    return f"{leaf.step_type} {leaf.name}" if leaf.discriminators else leaf.step_type


def diff(old: Contract, new: Contract) -> Iterator[Difference]:
    """Every difference, in the order of the leaves' names."""
    before = {leaf_name(leaf): leaf.schema for leaf in old.leaves()}
    after = {leaf_name(leaf): leaf.schema for leaf in new.leaves()}
    for name in sorted({*before, *after}):
        if name not in after:
            yield Difference(name, "", "leaf", "vanished")
        elif name not in before:
            yield Difference(name, "", "leaf", "appeared")
        else:
            yield from _schemas(name, "", before[name], after[name])


def _schemas(leaf: str, at: str, old: Schema, new: Schema) -> Iterator[Difference]:
    if old == new:
        return
    yield from _keywords(leaf, at, old, new)
    yield from _required(leaf, at, old, new)
    yield from _properties(leaf, at, old.get("properties", {}), new.get("properties", {}))
    if isinstance(old.get("items"), Mapping) and isinstance(new.get("items"), Mapping):
        yield from _schemas(leaf, f"{at}[]", old["items"], new["items"])


def _properties(leaf: str, at: str, old: Schema, new: Schema) -> Iterator[Difference]:
    for name in sorted({*old, *new}):
        field = f"{at}.{name}" if at else name
        if name not in new:
            yield Difference(leaf, field, "field", "vanished", _shape(old[name]))
        elif name not in old:
            yield Difference(leaf, field, "field", "appeared", None, _shape(new[name]))
        else:
            yield from _schemas(leaf, field, old[name], new[name])


def _required(leaf: str, at: str, old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before ^ after):
        field = f"{at}.{name}" if at else name
        if name in old.get("properties", {}) or name in after:
            yield Difference(
                leaf,
                field,
                "required",
                "narrower" if name in after else "wider",
                name in before,
                name in after,
            )


def _keywords(leaf: str, at: str, old: Schema, new: Schema) -> Iterator[Difference]:
    for key in sorted({*old, *new} - set(_TALK)):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield Difference(leaf, at, key, _how(key, before, after), before, after)


def _how(key: str, before: Any, after: Any) -> How:
    if after is None:
        return "wider"
    if before is None:
        return "narrower"
    if key == "enum":
        return _sets(set(map(str, before)), set(map(str, after)))
    if key in _LOW:
        return "narrower" if after > before else "wider"
    if key in _HIGH:
        return "narrower" if after < before else "wider"
    return "changed"


def _sets(before: set[str], after: set[str]) -> How:
    if before < after:
        return "wider"
    return "narrower" if after < before else "changed"


def _shape(schema: Schema) -> Any:
    """A field in short: its values, else its type."""
    return schema.get("enum") or schema.get("type")
