"""What the document lacks or has wrong, laid over it as data: `overlay.toml`, one `[[change]]` each.

    [[change]]
    step = "videoGen"                      # or template = "body", template = "step"
    match = { engine = "ltx2" }            # discriminators; every leaf that has them is changed
    property = "duration"                  # `a.b` below, `a[]` the items of, `a{}` the values of
    replace = { type = "integer", minimum = 3, maximum = 7 }
    source = "where this is known from"
    date = "2026-08"
    reason = "why the document is not followed"

Exactly one of: `add` (a property that the document lacks), `replace` (its schema), `set` (keys of it),
`values` (more values of its enum), `optional` (true: not required), `rename` (the new value of the
discriminator that `property` names). What a newer document has itself changes nothing: see `Contract.stale`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Problem, Where, did_you_mean
from civgen.orchestrator.contract.openapi import Schema, Tree
from civgen.tomlfile import TomlFile, read_toml

_TOKEN = re.compile(r"\[\]|\{\}|[^.\[\]{}]+")
_WHY = ("source", "date", "reason")
#: Keys that lead one schema down.
_BELOW = {"[]": "items", "{}": "additionalProperties"}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the overlay.

    Attributes:
        target: a step type, or `body` or `step` for a template.
        match: discriminators of the leaves it concerns.
        property: the path that is changed.
        action: what is done: a key of `ACTIONS`, or `rename`.
        value: what it is done with.
        source, date, reason: why.
        where: its place in the file.
    """

    target: str
    match: Mapping[str, str]
    property: str
    action: str
    value: Any
    source: str
    date: str
    reason: str
    where: Where

    def concerns(self, target: str, discriminators: Mapping[str, str]) -> bool:
        """Whether it is meant for this leaf or template."""
        return target == self.target and all(
            discriminators.get(key) == value for key, value in self.match.items()
        )

    def matters(self, schemas: Sequence[tuple[str, Mapping[str, str], Schema]]) -> bool:
        """Whether it changes any of these: (target, discriminators, schema), the schema changed in place."""
        mine = (schema for target, discriminators, schema in schemas if self.concerns(target, discriminators))
        return any(self.apply(schema) for schema in mine)

    def apply(self, schema: Schema) -> bool:
        """Change `schema` in place; False when there was nothing to change."""
        if self.action == "rename":
            return False
        owner, container, key = _slot(schema, self.property)
        return container is not None and ACTIONS[self.action](owner, container, key, self.value)


def read_overlay(path: Path) -> tuple[Change, ...]:
    """Read an overlay; a missing file is an empty one.

    Raises:
        InvalidFile: it is no TOML, or entries are wrong; lists every problem.
    """
    if not path.exists():
        return ()
    file = read_toml(path)
    entries = file.data.get("change", [])
    problems = [problem for number, entry in enumerate(entries) for problem in _problems(file, number, entry)]
    if problems:
        raise InvalidFile(
            f"{len(problems)} entries of the overlay are wrong.", where=problems[0].where, details=problems
        )
    return tuple(_change(file, number, entry) for number, entry in enumerate(entries))


def laid_over(
    schema: Schema, target: str, discriminators: Mapping[str, str], changes: Sequence[Change]
) -> Schema:
    """`schema` after the changes that concern it; it is changed in place."""
    for change in changes:
        if change.concerns(target, discriminators):
            change.apply(schema)
    return schema


def renamed(
    step_type: str, tree: Tree, changes: Sequence[Change], way: Mapping[str, str] | None = None
) -> Tree:
    """A step type's tree of discriminators with the renamed values in it."""
    if isinstance(tree, str):
        return tree
    way, by = way or {}, tree["by"]
    new = {change.match[by]: change.value for change in changes if _renames(change, step_type, by, way)}
    below = {
        value: renamed(step_type, node, changes, {**way, by: value}) for value, node in tree["to"].items()
    }
    in_order = sorted(
        below, key=lambda value: value not in new
    )  # a value of the document itself comes last, and wins
    return {**tree, "to": {new.get(value, value): below[value] for value in in_order}}


def _renames(change: Change, step_type: str, by: str, way: Mapping[str, str]) -> bool:
    above = {key: value for key, value in change.match.items() if key != by}
    is_it = change.action == "rename" and change.target == step_type and change.property == by
    return is_it and above.items() <= way.items()


def _add(_owner: Schema, container: dict[str, Any], key: str, value: Schema) -> bool:
    return container.setdefault(key, value) is value


def _replace(_owner: Schema, container: dict[str, Any], key: str, value: Schema) -> bool:
    changed = key in container and container[key] != value
    if changed:
        container[key] = value
    return changed


def _set(_owner: Schema, container: dict[str, Any], key: str, value: Schema) -> bool:
    return key in container and _replace(_owner, container, key, {**container[key], **value})


def _values(_owner: Schema, container: dict[str, Any], key: str, value: list[Any]) -> bool:
    known = container.get(key, {}).get("enum")
    more = [one for one in value if one not in known] if known else []
    if more:
        container[key] = {**container[key], "enum": [*known, *more]}
    return bool(more)


def _optional(owner: Schema, _container: dict[str, Any], key: str, _value: bool) -> bool:
    required = owner.get("required", [])
    if key not in required:
        return False
    owner["required"] = [name for name in required if name != key]
    return True


#: Each gets the schema that owns the property, the mapping that holds it, its key there, the entry's value.
ACTIONS: dict[str, Callable[[Schema, dict[str, Any], str, Any], bool]] = {
    "add": _add,
    "replace": _replace,
    "set": _set,
    "values": _values,
    "optional": _optional,
}


def _slot(schema: Schema, path: str) -> tuple[Schema, dict[str, Any] | None, str]:
    """The schema that owns `path`, the mapping that holds its last part, and the key there."""
    tokens = _TOKEN.findall(path)
    for token in tokens[:-1]:
        container, key = _enter(schema, token)
        below = (container or {}).get(key)
        if not isinstance(below, dict):
            return schema, None, token
        schema = below
    return schema, *_enter(schema, tokens[-1])


def _enter(schema: Schema, token: str) -> tuple[dict[str, Any] | None, str]:
    return (schema, _BELOW[token]) if token in _BELOW else (schema.get("properties"), token)


def _problems(file: TomlFile, number: int, entry: Mapping[str, Any]) -> list[Problem]:
    where, field = file.where(("change", number)), f"change[{number}]"
    actions = [key for key in (*ACTIONS, "rename") if key in entry]
    known = {"step", "template", "match", "property", *_WHY, *ACTIONS, "rename"}
    found = [
        Problem(f"{field}.{key}", "is not known here", entry[key], hint=did_you_mean(key, known), where=where)
        for key in entry.keys() - known
    ]
    found += [
        Problem(f"{field}.{key}", "is required", where=where)
        for key in ("property", *_WHY)
        if not entry.get(key)
    ]
    if len({"step", "template"} & entry.keys()) != 1:
        found.append(Problem(field, "needs either step or template", where=where))
    if len(actions) != 1:
        found.append(Problem(field, "needs exactly one action", actions, [*ACTIONS, "rename"], where=where))
    if actions == ["rename"] and entry.get("property") not in entry.get("match", {}):
        found.append(Problem(f"{field}.match", "must name the value that is renamed", where=where))
    return found


def _change(file: TomlFile, number: int, entry: Mapping[str, Any]) -> Change:
    action = next(key for key in (*ACTIONS, "rename") if key in entry)
    return Change(
        target=entry.get("step") or entry["template"],
        match=entry.get("match", {}),
        property=entry["property"],
        action=action,
        value=entry[action],
        source=entry["source"],
        date=str(entry["date"]),
        reason=entry["reason"],
        where=file.where(("change", number)),
    )
