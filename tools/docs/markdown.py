"""Small pieces of Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; what could end a cell is escaped."""
    lines = [
        _row(columns),
        _row(["---"] * len(columns)),
        *(_row([_cell(one) for one in row]) for row in rows),
    ]
    return "\n".join(lines)


def document(*parts: str) -> str:
    """Parts with an empty line between them; empty parts are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def code(text: Any) -> str:
    """Text as code; nothing for nothing. A bar would end a cell, and not everybody reads it escaped."""
    if text in (None, ""):
        return ""
    return (
        f"<code>{html.escape(str(text)).replace('|', '&#124;')}</code>" if "|" in str(text) else f"`{text}`"
    )


def anchor(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading.lower())).strip("-")


def type_in_words(schema: Schema) -> str:
    """What a JSON Schema takes, in a few words; what it refers to is a link within the page."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{anchor(name)})"
    if "enum" in schema or "const" in schema:
        return ", ".join(code(one) for one in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        kinds = [type_in_words(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    return _plain(schema)


def _plain(schema: Schema) -> str:
    kind = schema.get("type")
    if kind == "array":
        return f"list of {type_in_words(schema.get('items', {}))}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"table of {type_in_words(inner)}" if isinstance(inner, Mapping) else "table"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    return words.get(str(kind), "any value")


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(str(value).replace("|", "\\|").split())
