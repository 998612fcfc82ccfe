"""JSON Schemas of the documents of `civgen.results`, with the words of their docstrings."""

from __future__ import annotations

import re
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

_ATTRIBUTE = re.compile(r"^ {4}(\S[^:\n]*): (.+(?:\n {5,}.+)*)$", re.MULTILINE)


class Closed(GenerateJsonSchema):
    """Makes schemas whose objects are closed unless their type says otherwise.

    Without that a field that nobody described would pass for valid.
    """

    def typed_dict_schema(self, schema: Any) -> dict[str, Any]:
        """An object, whose fields are described as in the `Attributes:` of its docstring or a base's."""
        made = super().typed_dict_schema(schema)
        made.setdefault("additionalProperties", False)
        kind = schema.get("cls")
        made["description"] = _text(kind)
        said = _attributes(kind)
        for name, field in made["properties"].items():
            field.pop("title", None)
            if name in said:
                field["description"] = said[name]
        return made


def _text(kind: Any) -> str:
    """What a docstring says before its sections."""
    return " ".join(_doc(kind).partition("\n\nAttributes:\n")[0].split())


def _attributes(kind: Any) -> dict[str, str]:
    """What is said of each field, where it is said last."""
    said: dict[str, str] = {}
    for base in getattr(kind, "__orig_bases__", ()):
        said |= _attributes(base)
    found = _ATTRIBUTE.findall(_doc(kind).partition("\n\nAttributes:\n")[2])
    return said | {name: " ".join(text.split()) for name, text in found}


def _doc(kind: Any) -> str:
    import inspect

    return inspect.getdoc(kind) or ""
