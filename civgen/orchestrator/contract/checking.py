"""A leaf as the validator wants it: what the wire allows anywhere is written into the schema.

- A step reference, `{"$ref": "$0", "path": "output.images[0].url"}`, may stand for any value in an input.
- Null in place of an optional property means that it is absent.
- `int32` and `int64` are ranges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from civgen.orchestrator.contract.openapi import Schema

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_LOOKS_LIKE_REFERENCE = {"type": "object", "required": ["$ref"]}
_NAME = {"type": "string", "minLength": 1}
_REFERENCE = {
    "type": "object",
    "properties": {"$ref": _NAME, "path": _NAME},
    "required": ["$ref", "path"],
    "additionalProperties": False,
}
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
#: A .NET TimeSpan: [-][d.]hh:mm:ss[.fffffff]
_SPAN = re.compile(r"-?(\d{1,8}\.)?([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?", re.ASCII)


def body_schema(body: Schema) -> Schema:
    """The submit body; its steps may be any objects."""
    return _checked(body, references=False)


def own_keys_schema(step: Schema) -> Schema:
    """A step's own keys; its input may be anything."""
    schema = _checked(step, references=False)
    schema["properties"]["input"] = {}
    return schema


def step_schema(step: Schema, step_type: str, leaf: Schema) -> Schema:
    """A whole step: its own keys as the template `step` has them, and its input as `leaf` has it."""
    schema = own_keys_schema(step)
    schema["properties"] |= {"$type": {"enum": [step_type]}, "input": _input(leaf)}
    schema["required"] = sorted({*schema.get("required", ()), "input"})
    return schema


def compiled(schema: Schema) -> Draft202012Validator:
    """A validator of `schema`; worth keeping."""
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(schema, validate_formats=True, formats={"date-span": _is_span})


def _input(leaf: Schema) -> Schema:
    """An input that is no object, such as the bare URL of an upload, may be a reference as a whole."""
    return _checked(leaf) if leaf.get("type") == "object" else _or_reference(_checked(leaf))


def _checked(schema: Schema, *, references: bool = True) -> Schema:
    required = schema.get("required", ())
    plain = {
        key: _keyword(key, value, required, references) for key, value in schema.items() if key != "default"
    }
    if bounds := _RANGES.get(schema.get("format", "")):
        plain = {"minimum": bounds[0], "maximum": bounds[1]} | plain
    if "enum" in plain:
        plain.pop("type", None)  # so that one fault is one error
    return plain


def _keyword(key: str, value: Any, required: Sequence[str], references: bool) -> Any:
    if key == "properties":
        return {name: _below(one, references, optional=name not in required) for name, one in value.items()}
    if key in ("items", "additionalProperties") and isinstance(value, dict):
        return _below(value, references)
    if key in ("oneOf", "anyOf"):
        return [_checked(one, references=references) for one in value]
    if key == "allOf":  # the branches of a discriminator
        return [{**branch, "then": _checked(branch["then"], references=references)} for branch in value]
    return value


def _below(schema: Schema, references: bool, *, optional: bool = False) -> Schema:
    plain = _checked(schema, references=references)
    if optional:
        plain = _or_null(plain)
    return _or_reference(plain) if references else plain


def _or_reference(plain: Schema) -> Schema:
    return {"if": _LOOKS_LIKE_REFERENCE, "then": _REFERENCE, "else": plain} if plain else plain


def _or_null(plain: Schema) -> Schema:
    if "enum" in plain:
        return {**plain, "enum": [*plain["enum"], None]}
    if "type" not in plain:
        return plain
    types = [plain["type"]] if isinstance(plain["type"], str) else plain["type"]
    return {**plain, "type": [*types, "null"] if "null" not in types else types}


def _is_span(text: str) -> bool:
    return _SPAN.fullmatch(text) is not None
