"""Conditions, changes and reasons in words, for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from civgen.errors import Problem
from civgen.forms.conditions import Condition, Facts, plain
from civgen.forms.field import Change, Field, Reading

#: Properties that only concern how others are worked out, or that stand for others.
_SILENT = frozenset({"label", "help", "why", "presets", "disabled", "sizes", "between", "outside"})
_FLAGS = {"hidden": ("hidden", "shown"), "required": ("required", "not required")}
_MANY = 6


def condition_text(applies: Condition) -> str:
    """A condition in words; empty for one that always holds.

    >>> from civgen.forms.conditions import condition
    >>> condition_text(condition({"workflow": ["txt2vid", "img2vid"]}, {"images": {"min": 1}}))
    'workflow = txt2vid or img2vid, unless images ≥ 1'
    """
    match, unless = _sides(applies)
    return ", ".join([*([match] if match else []), *([f"unless {unless}"] if unless else [])])


def changes_text(properties: Mapping[str, Any]) -> str:
    """What a change does, in words: `fixed 8`, `2 to 10, default 4`."""
    if properties.get("hidden"):
        return "hidden"
    told = {name: value for name, value in properties.items() if name not in _SILENT}
    words = [_FLAGS[name][0 if told.pop(name) else 1] for name in _FLAGS if name in told]
    if "fixed" in told:
        return ", ".join([f"fixed {told['fixed']}", *words])
    if "min" in told and "max" in told:
        words.append(f"{told.pop('min')} to {told.pop('max')}")
    if "min_length" in told and "max_length" in told:
        words.append(f"{told.pop('min_length')} to {told.pop('max_length')} characters")
    return ", ".join([*words, *(f"{name} {_value_text(value)}" for name, value in told.items())])


def reason(one: Field, reading: Reading, shown: Mapping[str, Any], facts: Facts) -> str | None:
    """Why a value is refused: the reason that data give, else who says what it runs into, and when."""
    given = plain(reading.problem.given) if reading.problem else None
    if option := _offered_when(one, given, shown, facts):
        return option
    if shown.get("capped") and "capped_by" in reading.because:
        return f"The tier {facts.get('tier')} allows no more."
    authored: str | None = shown.get("why")
    if authored and not (reading.problem and authored == reading.problem.message):
        return authored
    said = (layer for layer in reversed(one.layers) if layer.applies(facts))
    layer = next((one for one in said if not one.properties.keys().isdisjoint(reading.because)), None)
    # That a field is required needs no reason, unless it is not always.
    plain_need = layer and reading.because == ("required",) and not layer.applies.written
    return f"So says {_by(layer)}." if layer and not plain_need else None


def _by(layer: Change) -> str:
    """Who says a layer, and when."""
    match, unless = _sides(layer.applies)
    when = f", when {match}" if match else ""
    return f"{layer.origin.owner}{when}{f', unless {unless}' if unless else ''}"


def explained(
    problem: Problem, one: Field, reading: Reading, shown: Mapping[str, Any], facts: Facts
) -> Problem:
    """The problem with its reason as a hint, when it has none of its own."""
    if problem.hint:
        return problem
    return replace(problem, hint=reason(one, reading, shown, facts))


def conditional(one: Field, offered: Mapping[str, Iterable[Any]]) -> Iterator[tuple[str, str]]:
    """What would change a field: conditions and changes, in words.

    Args:
        offered: values that facts can have at all, by name; what asks for others is left out.
    """
    for change in one.changes:
        told, text = changes_text(change.properties), condition_text(_narrowed(change, offered))
        if told and could_hold(change.applies, offered):
            yield text, told


def shown_when(one: Field, offered: Mapping[str, Iterable[Any]]) -> str | None:
    """What would show a field that is hidden: `if …` or `unless …`; None when nothing on offer does."""
    said = [change for change in one.changes if "hidden" in change.properties]
    if one.properties.get("hidden"):
        found = [change for change in said if not change.properties["hidden"]]
        texts = [condition_text(_narrowed(one, offered)) for one in found if could_hold(one.applies, offered)]
        return f"if {' or if '.join(texts)}" if texts else None
    hiding = [change.applies for change in said if change.properties["hidden"]]
    turned = [replace(one, written=_turned(one.written)) for one in hiding]
    if not all(could_hold(one, offered) for one in turned):
        return None
    texts = [condition_text(_narrowed(Change(one, {}), offered)) for one in turned]
    return " and ".join(text if text.startswith("unless") else f"if {text}" for text in texts) or None


def _turned(written: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The opposite of a condition that has one side only, as nearly all have."""
    sides = {"match": "unless", "unless": "match"}
    return {sides[side]: tests for side, tests in written.items()}


def could_hold(applies: Condition, offered: Mapping[str, Iterable[Any]]) -> bool:
    """Whether there are values on offer that a condition asks for."""
    wanted = {name: _listed(said) for name, said in applies.written.get("match", {}).items()}
    spared = {name: _listed(said) for name, said in applies.written.get("unless", {}).items()}
    possible = all(
        any(one in wanted[name] for one in offered[name]) for name in wanted.keys() & offered.keys()
    )
    never = all(name in offered and set(offered[name]) <= set(said) for name, said in spared.items())
    return possible and not (spared and never)


def _narrowed(change: Change, offered: Mapping[str, Iterable[Any]]) -> Condition:
    """The condition of a change, with only those values in it that are on offer."""
    written = {
        side: {
            name: [one for one in _listed(said) if one in offered[name]] if name in offered else said
            for name, said in tests.items()
        }
        for side, tests in change.applies.written.items()
    }
    return replace(change.applies, written=written)


def _sides(applies: Condition) -> tuple[str, str]:
    said = (applies.written.get(side, {}) for side in ("match", "unless"))
    match, unless = (" and ".join(_asked(name, wanted) for name, wanted in one.items()) for one in said)
    return match, unless


def _listed(wanted: Any) -> list[Any]:
    return list(wanted) if isinstance(wanted, list | tuple) else [wanted]


def _asked(name: str, wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        if "given" in wanted:
            return f"{name} given" if wanted["given"] else f"no {name}"
        low, high = wanted.get("min"), wanted.get("max")
        if low is None or high is None:
            return f"{name} ≥ {low}" if high is None else f"{name} ≤ {high}"
        return f"{name} {low} to {high}"
    values = _listed(wanted)
    if values in ([True], [False]):
        return f"{name} {'on' if values[0] else 'off'}"
    return f"{name} = {' or '.join(str(one) for one in values)}"


def _offered_when(one: Field, given: Any, shown: Mapping[str, Any], facts: Facts) -> str | None:
    """The condition under which an option that is not on offer would be."""
    options = [option for option in one.laid(facts).get("options") or () if isinstance(option, Mapping)]
    found = next((one for one in options if one.get("value") == given and "match" in one), None)
    if found is None or any(option["value"] == given for option in shown.get("options") or ()):
        return None
    return f"{given} is on offer only when {' and '.join(_asked(*pair) for pair in found['match'].items())}."


def _value_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("value", value.get("label", dict(value))))
    if isinstance(value, list | tuple):
        shown = ", ".join(_value_text(one) for one in value[:_MANY])
        return shown + (f" and {len(value) - _MANY} more" if len(value) > _MANY else "")
    return str(value)
