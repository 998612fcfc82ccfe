"""One form for several operations: each field once, with what differs from one to the next as conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from civgen.scaffold.operations import Operation
from civgen.scaffold.pythontext import Call, Raw
from civgen.scaffold.sketch_parts import Part

#: Fields that are there whatever the operation.
_ALWAYS = frozenset({"model", "outputFormat", "priority"})


@dataclass(frozen=True)
class Choosing:
    """How the operation is chosen: by the workflow key, or by a field where one key has several.

    Attributes:
        operations: all there are, in order.
    """

    operations: tuple[Operation, ...]

    @property
    def by_field(self) -> bool:
        """Whether a field of the form tells the operation."""
        keys = [key for one in self.operations for key in one.workflows]
        return len(set(keys)) < len(keys)

    @property
    def workflows(self) -> tuple[str, ...]:
        """All workflow keys."""
        return tuple(dict.fromkeys(key for one in self.operations for key in one.workflows))

    @property
    def by_workflow(self) -> dict[str, list[str]]:
        """The operations of each workflow key; nothing where there is only one in all."""
        some = self.operations if len(self.operations) > 1 else ()
        return {key: [one.name for one in some if key in one.workflows] for key in self.workflows if some}

    def only(self, some: Sequence[Operation]) -> dict[str, Any]:
        """The condition that it is one of some operations."""
        if self.by_field:
            return {"operation": one_or_all([one.name for one in some])}
        return {"workflow": one_or_all([key for one in some for key in one.workflows])}


def merged(found: Mapping[str, Sequence[Part]], choosing: Choosing) -> list[Part]:
    """One part a field.

    Args:
        found: the parts of each operation, by its name.
    """
    keys = dict.fromkeys(part.key for parts in found.values() for part in parts)
    return [_merged(_by_operation(key, found, choosing), choosing) for key in keys]


def _by_operation(
    key: str, found: Mapping[str, Sequence[Part]], choosing: Choosing
) -> list[tuple[Operation, Part]]:
    """The parts for one field; where one operation shows it as something else, the first one's kind stays."""
    parts = [(one, part) for one in choosing.operations for part in found[one.name] if part.key == key]
    kind = parts[0][1].shown
    return [
        (one, part) for one, part in parts if kind is None or (part.shown and part.shown.name == kind.name)
    ]


def _merged(parts: Sequence[tuple[Operation, Part]], choosing: Choosing) -> Part:
    _, first = parts[0]
    having = [one for one, _ in parts]
    lacking = [one for one in choosing.operations if one not in having]
    entries = {name: made for _, part in parts for name, made in part.entries.items()}
    if first.shown is None or first.key in _ALWAYS:
        limited = {name: _limited(made, having, lacking, choosing) for name, made in entries.items()}
        return replace(first, entries=limited)
    words, when = _united(parts, choosing)
    when += [_hidden(having, lacking, choosing)] if lacking else []
    shown = replace(first.shown, kwargs=words | ({"when": when} if when else {}))
    if lacking:
        entries = {name: _perhaps(made, first.key) for name, made in entries.items()}
    spread = first.spread and (_perhaps(first.spread, first.key) if lacking else first.spread)
    return replace(first, shown=shown, entries=entries, spread=spread)


def _united(parts: Sequence[tuple[Operation, Part]], choosing: Choosing) -> tuple[dict[str, Any], list[Any]]:
    """What the first operation says of a field, and what others say otherwise, as entries of `when`."""
    said = [(one, dict(part.shown.kwargs) if part.shown else {}) for one, part in parts]
    options = _options([(one, words["options"]) for one, words in said if "options" in words], choosing)
    said = [(one, words | ({"options": options} if options else {})) for one, words in said]
    usual = said[0][1]
    groups: list[tuple[dict[str, Any], list[Operation]]] = []
    for operation, own in said:
        differing = {name: own.get(name) for name in {**usual, **own} if own.get(name) != usual.get(name)}
        members = next((members for known, members in groups if known == differing), None)
        if members is None:
            groups.append((differing, members := []))
        members.append(operation)
    return usual, [{"match": choosing.only(members), **own} for own, members in groups if own]


def _options(offered: Sequence[tuple[Operation, list[Any]]], choosing: Choosing) -> list[Any]:
    """The options of all operations; those that only some of them take say for which."""
    lists = sorted((options for _, options in offered), key=len, reverse=True)
    found: list[Any] = []
    for option in dict.fromkeys(option for options in lists for option in options):
        taking = [one for one, options in offered if option in options]
        some = {"value": option, "match": choosing.only(taking)}
        found.append(option if len(taking) == len(offered) else some)
    return found


def _hidden(having: Sequence[Operation], lacking: Sequence[Operation], choosing: Choosing) -> Call:
    if len(having) <= len(lacking):
        return Call("fields.only_for", (), choosing.only(having))
    return Call("fields.not_for", (), choosing.only(lacking))


def _limited(made: Raw, having: Sequence[Operation], lacking: Sequence[Operation], choosing: Choosing) -> Raw:
    """Code for a value that not every operation takes, though nothing in the form hides it."""
    if not lacking:
        return made
    known = choosing.only(having)
    (name, value), *_ = known.items()
    asked = 'values["operation"]' if name == "operation" else "context.workflow"
    test = (
        f'{asked} == "{value}"'
        if isinstance(value, str)
        else f"{asked} in {tuple(value)!r}".replace("'", '"')
    )
    return Raw(f"{made.text} if {test} else None")


def _perhaps(made: Raw, key: str) -> Raw:
    """Code for a value that is not there while its field is hidden."""
    if made.text == "pixels(values)":
        return Raw(f'(pixels(values) if "{key}" in values else {{}})')
    return Raw(made.text.replace(f'values["{key}"]', f'values.get("{key}")'))


def one_or_all(values: list[str]) -> str | list[str]:
    """What a condition asks for: a single value stands for a list of one."""
    return values[0] if len(values) == 1 else values
