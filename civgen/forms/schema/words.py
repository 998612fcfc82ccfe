"""JSON Schema 2020-12 as values: the few words that forms need, joined without waste."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NULL: Schema = {"type": "null"}
#: No list, or an empty one.
NO_ENTRIES: Schema = {"type": ["array", "null"], "maxItems": 0}
ANYTHING: Schema = {}
NOTHING: Schema = {"not": {}}


def one_of_values(values: Iterable[Any]) -> Schema:
    """One of the values."""
    listed = list(values)
    return {"enum": listed} if listed else NOTHING


def any_of(schemas: Iterable[Schema]) -> Schema:
    """At least one of the schemas; lists of values among them become one list."""
    found: list[Schema] = []
    values: list[Any] = []
    for schema in _unwrapped(schemas, "anyOf"):
        if schema == ANYTHING:
            return ANYTHING
        if schema.keys() == {"enum"}:
            values += [value for value in schema["enum"] if not _among(value, values)]
        elif schema != NOTHING and schema not in found:
            found.append(schema)
    if values:
        found.insert(0, {"enum": values})
    if NULL in found and len(found) > 1:
        found.remove(NULL)
        found = [_or_null(found[0]), *found[1:]]
    return found[0] if len(found) == 1 else {"anyOf": found} if found else NOTHING


def all_of(schemas: Iterable[Schema]) -> Schema:
    """All of the schemas."""
    found: list[Schema] = []
    for schema in _unwrapped(schemas, "allOf"):
        if schema == NOTHING:
            return NOTHING
        if schema != ANYTHING and schema not in found:
            found.append(schema)
    return found[0] if len(found) == 1 else {"allOf": found} if found else ANYTHING


def has(key: str, schema: Schema) -> Schema:
    """An object in which `key` is present and fits."""
    return {"properties": {key: schema}, "required": [key]}


def lacks(key: str, blank: Schema) -> Schema:
    """An object in which `key` is absent, or as good as that."""
    return {"properties": {key: blank}}


def table(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these entries, and perhaps others."""
    schema: Schema = {"type": "object", "properties": {**required, **(optional or {})}}
    return schema | ({"required": list(required)} if required else {})


def written(schema: Schema) -> str:
    """A schema as text, to tell whether two are the same."""
    return json.dumps(schema, sort_keys=True, default=str)


def _or_null(schema: Schema) -> Schema:
    """The schema, or null."""
    if schema.keys() == {"enum"}:
        return {"enum": [*schema["enum"], *([] if None in schema["enum"] else [None])]}
    if isinstance(schema.get("type"), str) and not schema.keys() & {"enum", "const", "anyOf", "not"}:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, NULL]}


def _unwrapped(schemas: Iterable[Schema], word: str) -> Iterator[Schema]:
    for schema in schemas:
        if schema.keys() == {word}:
            yield from _unwrapped(schema[word], word)
        else:
            yield schema


def _among(value: Any, values: list[Any]) -> bool:
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in values)
