"""Text: prompts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading
from civgen.forms.schema.words import Schema

#: The characters that `str.strip` takes for blank, as a class of a regular expression.
_BLANKS = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


class Text(Field):
    """Free text. `min_length` and `max_length` count characters; text that is all blank is not given."""

    kind = "text"
    BLANK: ClassVar[Schema] = {"type": ["string", "null"], "pattern": f"^[{_BLANKS}]*$"}
    PROPERTIES = frozenset({"min_length", "max_length"})
    __slots__ = ()

    def is_missing(self, value: Any) -> bool:  # noqa: D102
        return value is None or (isinstance(value, str) and not value.strip())

    def empty(self, shown: Mapping[str, Any]) -> Any:  # noqa: D102
        return shown.get("default", "")

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        if not isinstance(value, str):
            repaired = not shown.get("required")
            return Reading(self.empty(shown), self.wrong(value, "must be text", allowed="text"), repaired)
        least = shown.get("min_length")
        if least is not None and len(value) < least:
            message = f"has {len(value)} character{'s'[: len(value) != 1]}, at least {least} are needed"
            return Reading(value, self.wrong(value, message, allowed={"min": least}), because=("min_length",))
        limit = shown.get("max_length")
        if limit is not None and len(value) > limit:
            message = f"has {len(value)} characters, at most {limit} are allowed"
            problem = self.wrong(f"{value[:40]}…", message, allowed={"max": limit})
            return Reading(value, problem, because=("max_length",))
        return Reading(value)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        said = {"minLength": shown.get("min_length"), "maxLength": shown.get("max_length")}
        limits = {name: limit for name, limit in said.items() if limit is not None}
        return {"type": "string", **limits, "pattern": f"[^{_BLANKS}]"}

    def outline(self, shown: Mapping[str, Any]) -> dict[str, Any]:  # noqa: D102
        limit = shown.get("max_length")
        return super().outline(shown) | ({"limit": limit} if limit else {})
