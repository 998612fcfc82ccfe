"""Settings of something chosen elsewhere in the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading
from civgen.forms.schema.words import Schema


class Details(Field):
    """Names and values that depend on another field; the contract says which there are."""

    kind = "details"
    __slots__ = ()

    def empty(self, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        return shown.get("default", {})

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        if isinstance(value, Mapping):
            return Reading(dict(value))
        return Reading(self.empty(shown), self.wrong(value, "must be a table of names and values"), True)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102, ARG002
        return {"type": "object"}
