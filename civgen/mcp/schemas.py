"""JSON Schemas of what tools take and answer, made from their types and told in few words.

An agent reads every tool's schemas before it does anything, so whatever does not help it is left out.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

#: Of a line of text, which is what anybody would write.
_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


def input_schema(kind: Any) -> Schema:
    """What a tool takes. An argument that may be left out is simply left out, and so never null."""
    return dict(_short(_schema_of(kind, "validation"), takes_null=False))


def output_schema(kind: Any) -> Schema:
    """What a tool answers."""
    return dict(_short(_schema_of(kind, "serialization"), takes_null=True))


def _schema_of(kind: Any, mode: Any) -> Schema:
    from pydantic import TypeAdapter

    schema: Schema = TypeAdapter(kind).json_schema(mode=mode, by_alias=True)
    schema.pop("description", None)
    return schema


def _short(node: Any, *, takes_null: bool, named: bool = False) -> Any:
    """A schema without titles, without what is so anyway, and with null said in one word.

    Args:
        named: whether the keys of `node` are names of properties, which are not to be touched.
    """
    if isinstance(node, list):
        return [_short(one, takes_null=takes_null) for one in node]
    if not isinstance(node, dict):
        return node
    if named:
        return {name: _short(value, takes_null=takes_null) for name, value in node.items()}
    kept = {
        key: _short(value, takes_null=takes_null, named=key in ("properties", "$defs"))
        for key, value in node.items()
        if key != "title" and not _is_so_anyway(key, value)
    }
    return _without_union(kept, takes_null=takes_null)


def _is_so_anyway(key: str, value: Any) -> bool:
    if key == "default":
        return value in (None, [], {}, False)
    return (key, value) in (("additionalProperties", True), ("pattern", _ONE_LINE), ("minLength", 1))


def _without_union(node: Schema, *, takes_null: bool) -> Schema:
    """`anyOf` of one type and null, as that type."""
    options = node.get("anyOf")
    if not options or {"type": "null"} not in options or len(options) != 2:
        return node
    other = next(one for one in options if one != {"type": "null"})
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    if not takes_null:
        return {**other, **rest}
    if isinstance(other.get("type"), str) and "enum" not in other:
        return {**other, "type": [other["type"], "null"], **rest}
    return node
