"""Text: prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading
from civgen.forms.schema.words import NULL, Schema, any_of

#: The characters that `str.strip` takes for blank, as a class of a regular expression.
_BLANKS = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


class Text(Field):
    """Free text, taken without the blanks around it, as on the platform; text that is all blank is not given.

    `min_length` counts the characters without those blanks, `max_length` with them.
    """

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
        text, least = value.strip(), shown.get("min_length")
        if least is not None and len(text) < least:
            message = f"has {len(text)} character{'s'[: len(text) != 1]}, at least {least} are needed"
            return Reading(text, self.wrong(value, message, allowed={"min": least}), because=("min_length",))
        limit = shown.get("max_length")
        if limit is not None and len(value) > limit:
            message = f"has {len(value)} characters, at most {limit} are allowed"
            problem = self.wrong(f"{value[:40]}…", message, allowed={"max": limit})
            return Reading(text, problem, because=("max_length",))
        return Reading(text)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        limit = shown.get("max_length")
        within = {} if limit is None else {"maxLength": limit}
        return {"type": "string", **within, "pattern": _inked(shown.get("min_length") or 1)}

    def schema_of(self, value: Any, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        if not isinstance(value, str):
            return super().schema_of(value, shown)
        return {"type": "string", "pattern": f"^[{_BLANKS}]*{_literally(value)}[{_BLANKS}]*$"}

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: D102
        known = [(value, self.schema_of(value, shown)) for value in mentioned]
        yield from known
        yield object(), {"not": any_of([NULL, *(schema for _, schema in known)])}

    def outline(self, shown: Mapping[str, Any]) -> dict[str, Any]:  # noqa: D102
        ends = {"min": shown.get("min_length"), "limit": shown.get("max_length")}
        return super().outline(shown) | {name: end for name, end in ends.items() if end}


def _inked(least: int) -> str:
    """What matches text of at least so many characters, not counting the blanks around it."""
    between = f"[\\s\\S]{{{least - 2},}}[^{_BLANKS}]" if least > 1 else ""
    return f"[^{_BLANKS}]{between}"


def _literally(text: str) -> str:
    """What matches just this text, in every dialect: `re.escape` escapes more than some allow."""
    return re.sub(r"[\\^$.|?*+()[\]{}/]", r"\\\g<0>", text)
