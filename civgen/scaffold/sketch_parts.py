"""What a sketch is made of: fields of a form with what becomes of their values, and what they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civgen.catalog import Catalog
from civgen.orchestrator.contract import Leaf
from civgen.scaffold.pythontext import Call, Raw


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the form and what becomes of its value.

    Attributes:
        key: the field's key; for a part without a field, any name that no field has.
        shown: the declaration of the field.
        entries: what goes into the step: code by property.
        spread: code for all entries at once, to be unpacked into the step in their place.
        asks: whether a version must say the entries' values, as options of the engine.
        other: a value that is not its default, if it goes into the step as it is, under the same name.
    """

    key: str
    shown: Call | None = None
    entries: Mapping[str, Raw] = field(default_factory=dict)
    spread: Raw | None = None
    asks: bool = False
    other: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The step input that is turned into a form."""

    leaf: Leaf
    catalog: Catalog

    def schema(self, name: str) -> Mapping[str, Any]:
        """The schema of a property."""
        schema: Mapping[str, Any] = self.leaf.schema["properties"][name]
        return schema

    def requires(self, name: str) -> bool:
        """Whether the contract requires a property."""
        return name in self.leaf.schema.get("required", ())
