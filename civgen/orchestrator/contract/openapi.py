"""From the orchestrator's OpenAPI document to one plain JSON Schema a leaf step input.

What the document has that a validator cannot use as it stands, and what is made of it:

- Inheritance is `allOf` with `additionalProperties: false` on every branch: merged; the child wins.
- A polymorphic input names its children in `discriminator.mapping`, often several levels deep: at the root of
  an input these become the tree of the index, elsewhere `if`/`then` branches.
- `required` lists properties that have a default, and read-only ones of answers: dropped.
- A `$ref` is put in place; descriptions, titles and examples are dropped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civgen.errors import InvalidInput

Schema = dict[str, Any]
#: A leaf file, or `{"by": property, "default"?: value, "to": {value: tree}}`.
Tree = str | dict[str, Any]
#: Discriminators on the way to a leaf: property, value, and the value that an absent property stands for.
_Way = tuple[tuple[str, str, str | None], ...]

_PROSE = {"description", "title", "example", "examples", "externalDocs", "deprecated"}
_OPENAPI_ONLY = {"$ref", "allOf", "discriminator", "readOnly", "writeOnly", "xml", "x-readOnly"}
_SAYS_NOTHING = {"float", "double"}
_STEP, _BODY = "WorkflowStepTemplate", "WorkflowTemplate"


@dataclass(frozen=True)
class PulledContract:
    """A contract as made from a document, before anything is written.

    Attributes:
        title, version: the document's own.
        sha256: of the document's bytes.
        body, step: schemas of the submit body with its steps left open, and of a step's own keys.
        steps: step type -> tree of discriminators down to leaf files.
        leaves: leaf file, relative to the contract's folder -> schema.
        date: the day the document is from, when known.
    """

    title: str
    version: str
    sha256: str
    body: Schema
    step: Schema
    steps: Mapping[str, Tree]
    leaves: Mapping[str, Schema]
    date: str | None = None


def pull(document: bytes, date: str | None = None) -> PulledContract:
    """Make a contract from an OpenAPI 3.1 document.

    Args:
        document: the document as JSON.
        date: the day it is from, when known; documents do not say.

    Raises:
        InvalidInput: it is no such document, or refers to something that it does not have.
    """
    import hashlib

    reader = _Reader(_schemas(document))
    templates = reader.merged(reader.named(_STEP)).get("discriminator", {}).get("mapping", {})
    steps = {step: reader.step_input(step, ref) for step, ref in templates.items()}
    info = json.loads(document).get("info", {})
    return PulledContract(
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        sha256=hashlib.sha256(document).hexdigest(),
        body=reader.body(),
        step=reader.finished(reader.merged(reader.named(_STEP))),
        steps=steps,
        leaves=reader.leaves,
        date=date,
    )


def _schemas(document: bytes) -> Mapping[str, Schema]:
    try:
        schemas: Mapping[str, Schema] = json.loads(document)["components"]["schemas"]
        missing = {_STEP, _BODY} - schemas.keys()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput(
            "This is no OpenAPI document: it has no components.schemas.", hint="Give it as JSON."
        ) from None
    if missing:
        raise InvalidInput(
            f"The document does not describe submissions: no schema {', '.join(sorted(missing))}."
        )
    return schemas


class _Reader:
    """Reads one document, and collects the leaves it comes by."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self.schemas = schemas
        self.leaves: dict[str, Schema] = {}

    def named(self, name: str) -> Schema:
        return {"$ref": f"#/components/schemas/{name}"}

    def step_input(self, step: str, ref: str) -> Tree:
        """The tree of the input of the step template at `ref`."""
        template = self.merged({"$ref": ref})
        if "input" not in template.get("properties", {}):
            raise InvalidInput(f"The document gives step {step} no input.")
        return self.tree(step, template["properties"]["input"], ())

    def tree(self, step: str, schema: Schema, way: _Way) -> Tree:
        merged = self.merged(schema)
        mapping = _mapping(merged)
        if not mapping:
            return self.leaf(step, merged, way)
        by, default = _discriminator(merged)
        node: dict[str, Any] = {"by": by} if default is None else {"by": by, "default": default}
        node["to"] = {
            value: self.tree(step, {"$ref": ref}, (*way, (by, value, default)))
            for value, ref in mapping.items()
        }
        return node

    def leaf(self, step: str, merged: Schema, way: _Way) -> str:
        schema = self.finished(merged, frozenset())
        for by, value, default in way:
            _fix(schema, by, value, default)
        name = "--".join(value for _, value, _ in way) or "input"
        file = f"leaves/{_safe(step)}/{_safe(name)}.json"
        if file.lower() in {taken.lower() for taken in self.leaves}:
            raise InvalidInput(f"Two inputs of the document would share the file {file}.")
        self.leaves[file] = schema
        return file

    def body(self) -> Schema:
        merged = self.merged(self.named(_BODY))
        properties = dict(merged.get("properties", {}))
        properties["steps"] = {**properties.get("steps", {}), "items": {"type": "object"}}
        return self.finished({**merged, "properties": properties})

    def merged(self, schema: Schema, within: frozenset[str] = frozenset()) -> Schema:
        """`schema` with its reference and `allOf` branches put in place, one level deep."""
        if ref := schema.get("$ref"):
            if ref in within:
                raise InvalidInput(f"The document's {ref} is built on itself.")
            return self.merged(self._at(ref), within | {ref})
        merged: Schema = {}
        for branch in schema.get("allOf", ()):
            below = self.merged(branch, within)
            if "$ref" in branch:  # a parent's discriminator has done its work when a child is reached
                below.pop("discriminator", None)
            merged = _laid_over(merged, below)
        return _laid_over(merged, {key: value for key, value in schema.items() if key != "allOf"})

    def finished(self, merged: Schema, within: frozenset[str] = frozenset()) -> Schema:
        """A merged schema as plain JSON Schema: everything below it put in place, no prose."""
        plain = {key: self._keyword(key, value, within) for key, value in merged.items() if _kept(key, value)}
        properties = merged.get("properties", {})
        read_only = sorted(name for name, value in properties.items() if value.get("readOnly"))
        if read_only:
            plain["properties"] = {
                name: value for name, value in plain["properties"].items() if name not in read_only
            }
            plain["x-readOnly"] = read_only
        defaults = {name for name, value in plain.get("properties", {}).items() if "default" in value}
        required = [name for name in merged.get("required", ()) if name not in {*read_only, *defaults}]
        if required:
            plain["required"] = sorted(set(required))
        else:
            plain.pop("required", None)
        return plain

    def _keyword(self, key: str, value: Any, within: frozenset[str]) -> Any:
        if key == "properties":
            return {name: self._below(schema, within) for name, schema in value.items()}
        if key in ("oneOf", "anyOf"):
            return [self._below(schema, within) for schema in value]
        if key in ("items", "additionalProperties") and isinstance(value, dict):
            return self._below(value, within)
        return value

    def _below(self, schema: Schema, within: frozenset[str]) -> Schema:
        """A schema that is not the root of an input."""
        ref = schema.get("$ref")
        if ref in within:
            raise InvalidInput(
                f"The document's {ref} holds itself.", hint="Inputs without an end are not supported."
            )
        within = within | {ref} if ref else within
        merged = self.merged(schema)
        mapping = _mapping(merged)
        return self._branches(merged, mapping, within) if mapping else self.finished(merged, within)

    def _branches(self, merged: Schema, mapping: Mapping[str, str], within: frozenset[str]) -> Schema:
        """A polymorphic value: the discriminator first, so that an error names one branch."""
        by, default = _discriminator(merged)
        branches = []
        for value, ref in mapping.items():
            branch = self._below({"$ref": ref}, within)
            _fix(branch, by, value, default)
            must = {} if value == default else {"required": [by]}
            branches.append({"if": {"properties": {by: {"const": value}}, **must}, "then": branch})
        plain: Schema = {"type": "object", "properties": {by: {"enum": list(mapping)}}, "allOf": branches}
        return plain if default else {**plain, "required": [by]}

    def _at(self, ref: str) -> Schema:
        found = self.schemas.get(ref.removeprefix("#/components/schemas/"))
        if found is None:
            raise InvalidInput(f"The document refers to {ref}, which it does not have.")
        return found


def _laid_over(base: Schema, child: Schema) -> Schema:
    """`child` over `base`: properties and required add up, anything else of the child wins."""
    merged = base | child
    if "properties" in base:
        merged["properties"] = base["properties"] | child.get("properties", {})
    if "required" in base:
        merged["required"] = [*base["required"], *child.get("required", ())]
    return merged


def _kept(key: str, value: Any) -> bool:
    if key == "format":
        return value not in _SAYS_NOTHING
    return key not in _PROSE and key not in _OPENAPI_ONLY


def _mapping(merged: Schema) -> Mapping[str, str]:
    found: Mapping[str, str] = merged.get("discriminator", {}).get("mapping", {})
    return found


def _discriminator(merged: Schema) -> tuple[str, str | None]:
    """The property that tells the children apart, and the child that its absence stands for."""
    by = merged["discriminator"]["propertyName"]
    default = merged.get("properties", {}).get(by, {}).get("default")
    return by, default if default in _mapping(merged) else None


def _fix(schema: Schema, by: str, value: str, default: str | None) -> None:
    """Pin the discriminator `by` of a leaf to its value, required unless absence means just that."""
    schema.setdefault("properties", {})[by] = {"enum": [value]}
    required = {*schema.get("required", ()), by} - ({by} if value == default else set())
    schema["required"] = sorted(required)
    if not required:
        del schema["required"]


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]|^\.", "_", name)
