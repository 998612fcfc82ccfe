"""The catalogue for a host application that wants it in its own language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, create_model

from civgen.catalog.catalog import Catalog
from civgen.catalog.words import Record

_IDENTIFIER = re.compile(r"^[A-Za-z_$][\w$]*$")
_PRIMITIVES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def as_json(catalog: Catalog) -> dict[str, list[dict[str, Any]]]:
    """Every record by the name of its shelf; ecosystems with what they inherit."""
    shelves = {name: shelf.records for name, shelf in catalog.shelves.items()}
    shelves["ecosystems"] = list(catalog.all_ecosystems())
    return {name: [_plain(record) for record in records] for name, records in shelves.items()}


def as_json_schema(catalog: Catalog) -> dict[str, Any]:
    """A JSON Schema (2020-12) that `as_json` satisfies."""
    schema = _whole(catalog).model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def as_typescript(catalog: Catalog) -> str:
    """One TypeScript module: an interface a kind of record, and the catalogue as a typed constant."""
    schema = _whole(catalog).model_json_schema(mode="serialization")
    interfaces = {**schema.get("$defs", {}), "Catalog": schema}
    data = json.dumps(as_json(catalog), indent=2, ensure_ascii=False)
    blocks = [_declaration(name, shape) for name, shape in interfaces.items()]
    return "\n\n".join(
        ["// Made by `civgen export`; do not edit.", *blocks, f"export const catalog: Catalog = {data};\n"]
    )


def _plain(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True)


def _whole(catalog: Catalog) -> type[BaseModel]:
    fields: Any = {name: (list[shelf.model], ...) for name, shelf in catalog.shelves.items()}  # type: ignore[name-defined]
    return create_model("Catalog", **fields)


def _declaration(name: str, shape: Mapping[str, Any]) -> str:
    if "properties" not in shape:
        return f"export type {name} = {_type(shape)};"
    required = set(shape.get("required", ()))
    lines = [_property(key, part, optional=key not in required) for key, part in shape["properties"].items()]
    return "\n".join([*_comment(shape), f"export interface {name} {{", *lines, "}"])


def _property(key: str, shape: Mapping[str, Any], *, optional: bool) -> str:
    name = key if _IDENTIFIER.match(key) else json.dumps(key)
    # What is null is left out of the data, so it is optional rather than nullable.
    nullable = any(part.get("type") == "null" for part in shape.get("anyOf", ()))
    parts = [part for part in shape.get("anyOf", ()) if part.get("type") != "null"]
    return f"  {name}{'?' if optional or nullable else ''}: {_type({'anyOf': parts} if parts else shape)};"


def _comment(shape: Mapping[str, Any]) -> Iterator[str]:
    if text := shape.get("description"):
        yield f"/** {str(text).partition(chr(10))[0]} */"


def _type(shape: Mapping[str, Any]) -> str:
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "enum" in shape or "const" in shape:
        return " | ".join(json.dumps(value) for value in shape.get("enum", [shape.get("const")]))
    if "anyOf" in shape:
        return " | ".join(dict.fromkeys(_type(part) for part in shape["anyOf"]))
    if shape.get("type") == "array":
        return f"ReadonlyArray<{_type(shape.get('items', {}))}>"
    if shape.get("type") == "object":
        values = shape.get("additionalProperties")
        return f"Readonly<Record<string, {_type(values) if isinstance(values, Mapping) else 'unknown'}>>"
    return _PRIMITIVES.get(shape.get("type", ""), "unknown")
