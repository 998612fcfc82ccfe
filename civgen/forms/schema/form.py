"""A form as a schema that takes what strict takes.

Every field is written down in each state that it can be in. Which states there are is found by asking
the field itself, once for every class of values that its conditions can tell apart; so the schema
follows the form's own evaluation and repeats none of its rules. What one kind takes stands with it.

A state that hangs on other fields becomes an `if` and a `then`. The `if` also sees fields that are left out:
then their default decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from civgen.errors import InvalidInput
from civgen.forms.conditions import Condition, Facts, plain
from civgen.forms.field import Field
from civgen.forms.form import Form
from civgen.forms.schema.words import NULL, Schema, all_of, any_of, has, lacks, written


@dataclass(frozen=True, slots=True)
class Case:
    """Values of a field that no condition tells apart: one of them, and the requests that have one."""

    value: Any
    holds: Schema


@dataclass(frozen=True, slots=True)
class State:
    """A field as it is shown, and the requests that show it so."""

    shown: Mapping[str, Any]
    holds: Schema


def form_schema(
    form: Form,
    facts: Facts,
    beside: Iterable[str] = (),
    more: Callable[[Field, Mapping[str, Any]], Schema] = lambda one, shown: {},  # noqa: ARG005
) -> Schema:
    """The schema of the field values that strict takes under `facts`.

    Args:
        facts: as for `Form.fill`.
        beside: keys that may stand beside the fields; what they may be is not said here.
        more: what must hold of a request besides, for a field as it is shown.

    Raises:
        InvalidInput: a condition asks about a value that is worked out from an image.
    """
    cases: dict[str, list[Case]] = {}
    properties: dict[str, Schema] = {key: {} for key in beside}
    rules: list[Schema] = []
    for one in form.fields:
        states = list(_states(one, facts, cases))
        said = _grouped(
            (all_of([_said(one, state.shown), more(one, state.shown)]), state.holds) for state in states
        )
        properties[one.key] = {"title": one.properties["label"]}
        if len(said) == 1:
            rules.append(said[0][0])
        else:
            rules += [{"if": holds, "then": what} for what, holds in said]
        if asking := [asked for asked in _conditions(form) if one.key in asked.names]:
            cases[one.key] = list(_cases(one, states, asking))
    return _folded(properties, rules) | {"additionalProperties": NULL}


def _states(one: Field, facts: Facts, cases: Mapping[str, list[Case]]) -> Iterator[State]:
    """The field in every combination of cases that it asks about."""
    names = [name for name in cases if name in one.asks]
    for chosen in product(*(cases[name] for name in names)):
        known = {**facts, **{name: case.value for name, case in zip(names, chosen, strict=True)}}
        yield State(one.resolve(known), all_of(case.holds for case in chosen))


def _said(one: Field, shown: Mapping[str, Any]) -> Schema:
    """What a request may say of a field as it is shown, as a schema of the whole request."""
    if "derived" in shown:
        return lacks(one.key, any_of([one.schema(shown), one.BLANK]))
    if shown.get("hidden"):
        return lacks(one.key, one.BLANK)
    if "fixed" in shown:
        return lacks(one.key, any_of([one.schema_of(shown["fixed"], shown), NULL]))
    noted = {name: shown[name] for name in ("default",) if shown.get(name) is not None}
    taken = one.schema(shown)
    if shown.get("required") and one.is_missing(one.empty(shown)):
        return all_of([has(one.key, taken | noted), one.schema_beside(shown)])
    return all_of([lacks(one.key, any_of([taken, one.BLANK]) | noted), one.schema_beside(shown)])


def _cases(one: Field, states: Iterable[State], asking: list[Condition]) -> Iterator[Case]:
    """The classes of values of a field that the conditions on it tell apart."""
    tests = [test for asked in asking for name, test in asked.tests if name == one.key]
    found: dict[tuple[bool, ...], tuple[Any, list[Schema]]] = {}
    for state in states:
        for value, holds in _values(one, state.shown, mentioned(one.key, asking)):
            answers = tuple(test(plain(value)) for test in tests)
            found.setdefault(answers, (value, []))[1].append(all_of([state.holds, holds]))
    return (Case(value, any_of(holds)) for value, holds in found.values())


def _values(one: Field, shown: Mapping[str, Any], known: list[Any]) -> Iterator[tuple[Any, Schema]]:
    """Values that a field as shown can have, as conditions see them, with the requests that give it so."""
    if "derived" in shown:
        raise InvalidInput(
            f"A condition asks about {one.key}, which follows an image: no schema can say that."
        )
    if shown.get("hidden"):
        yield None, {}
        return
    if "fixed" in shown:
        yield one.read(shown["fixed"], shown, {}).value, {}
        return
    yield one.empty(shown), lacks(one.key, one.BLANK)
    for value, schema in one.classes(shown, known):
        yield value, has(one.key, schema)


def mentioned(key: str, asking: Iterable[Condition]) -> list[Any]:
    """The values and bounds that conditions speak of for one fact."""
    found: list[Any] = []
    for asked in asking:
        for side in asked.written.values():
            said = side.get(key)
            bounds = (
                [said[name] for name in ("min", "max") if name in said] if isinstance(said, Mapping) else []
            )
            listed = (
                list(said) if isinstance(said, list | tuple) else [] if isinstance(said, Mapping) else [said]
            )
            found += [one for one in (*bounds, *listed) if one is not None and one not in found]
    return found


def _conditions(form: Form) -> Iterator[Condition]:
    for one in form.fields:
        yield from one.conditions


def _grouped(told: Iterable[tuple[Schema, Schema]]) -> list[tuple[Schema, Schema]]:
    """What is said, each once, with all the requests that it is said of."""
    found: dict[str, tuple[Schema, list[Schema]]] = {}
    for said, holds in told:
        found.setdefault(written(said), (said, []))[1].append(holds)
    return [(said, any_of(holds)) for said, holds in found.values()]


def _folded(properties: dict[str, Schema], rules: Iterable[Schema]) -> Schema:
    """One schema of all rules; what always holds of a field stands with its property."""
    required: list[str] = []
    others: list[Schema] = []
    for rule in (part for whole in rules for part in whole.get("allOf", [whole])):
        said = rule.get("properties", {})
        folds = rule.keys() <= {"properties", "required"}
        if folds and all(properties[key].keys().isdisjoint(said[key]) for key in said):
            properties.update({key: properties[key] | said[key] for key in said})
            required += rule.get("required", [])
        else:
            others.append(rule)
    schema: Schema = {"type": "object", "properties": properties}
    parts = {"required": required, "allOf": others}
    return schema | {name: part for name, part in parts.items() if part}
