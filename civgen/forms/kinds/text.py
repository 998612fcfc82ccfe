"""Text: prompts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading


class Text(Field):
    """Free text. `max_length` counts characters; text that is all blank counts as not given."""

    kind = "text"
    PROPERTIES = frozenset({"max_length"})
    __slots__ = ()

    def is_missing(self, value: Any) -> bool:  # noqa: D102
        return value is None or (isinstance(value, str) and not value.strip())

    def empty(self, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        return shown.get("default", "")

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        if not isinstance(value, str):
            repaired = not shown.get("required")
            return Reading(self.empty(shown), self.wrong(value, "must be text", allowed="text"), repaired)
        limit = shown.get("max_length")
        if limit is not None and len(value) > limit:
            message = f"has {len(value)} characters, at most {limit} are allowed"
            problem = self.wrong(f"{value[:40]}…", message, allowed={"max": limit})
            return Reading(value, problem, because=("max_length",))
        return Reading(value)

    def outline(self, shown: Mapping[str, Any]) -> dict[str, Any]:  # noqa: D102
        limit = shown.get("max_length")
        return super().outline(shown) | ({"limit": limit} if limit else {})
