"""What follows from the facts in one step: a constant, what stands under a path, a number of a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from civgen.forms.kinds.choice import closest_ratio, ratio_of
from civgen.jobs.probing.examples import Examples
from civgen.jobs.probing.facts import ABSENT, at, same
from civgen.jobs.probing.nodes import NOTHING, Node
from civgen.jobs.probing.numbers import rule_of

Ids = Sequence[int]
Made = Sequence[Any]


def direct(examples: Examples, ids: Ids, made: Made) -> Node | None:
    """The simplest node without others in it that makes what was made; None where there is none."""
    for attempt in (_constant, _taken, _taken_if_there, _computed, _nearest):
        if (node := attempt(examples, ids, made)) is not None:
            return node
    return None


def _constant(examples: Examples, ids: Ids, made: Made) -> Node | None:  # noqa: ARG001
    first = made[0]
    if not all(same(first, other) for other in made):
        return None
    return NOTHING if first is ABSENT else ["c", first]


def _taken(examples: Examples, ids: Ids, made: Made) -> Node | None:
    """What stands in the facts under one path, always."""
    telling = max(range(len(ids)), key=lambda number: _says(made[number]))
    wanted = made[telling]
    for path, value in examples.flat[ids[telling]].items():
        if same(value, wanted) and all(
            same(at(examples.facts[number], path), other) for number, other in zip(ids, made, strict=True)
        ):
            return ["g", list(path)]
    return None


def _taken_if_there(examples: Examples, ids: Ids, made: Made) -> Node | None:
    """What stands in the facts under one path; something constant where nothing does."""
    distinct = list({repr(one): number for number, one in enumerate(made)}.values())
    for telling in distinct[:2]:
        for path, value in examples.flat[ids[telling]].items():
            if not same(value, made[telling]):
                continue
            taken = [examples.flat[number].get(path) for number in ids]
            instead = [one for one, value in zip(made, taken, strict=True) if value is None]
            agree = all(value is None or same(value, one) for one, value in zip(made, taken, strict=True))
            if instead and agree and all(same(one, instead[0]) for one in instead):
                other = NOTHING if instead[0] is ABSENT else ["c", instead[0]]
                return ["t", [list(path), "is"], {"yes": 0, "no": 1}, [["g", list(path)], other]]
    return None


def _computed(examples: Examples, ids: Ids, made: Made) -> Node | None:
    """A number that follows from one number."""
    if not all(_is_number(one) for one in made):
        return None
    ends = [made.index(min(made)), made.index(max(made))]
    for path, value in examples.flat[ids[0]].items():
        if not _is_number(value):
            continue
        few = [examples.flat[ids[one]].get(path) for one in ends]
        if not all(_is_number(one) for one in few) or few[0] == few[1]:
            continue
        given = [one for number in ids if _is_number(one := examples.flat[number].get(path))]
        if len(given) == len(ids) and (rule := rule_of(given, made)):
            return ["n", list(path), *rule]
    return None


def _nearest(examples: Examples, ids: Ids, made: Made) -> Node | None:
    """The ratio nearest to a medium's."""
    if not all(isinstance(one, str) and ratio_of(one) for one in made):
        return None
    ratios = list(dict.fromkeys(made))
    for path, value in examples.flat[ids[0]].items():
        if isinstance(value, dict) and value.keys() >= {"width", "height"}:
            media = [at(examples.facts[number], path) for number in ids]
            if all(
                medium is not ABSENT and closest_ratio(medium["width"] / medium["height"], ratios) == one
                for medium, one in zip(media, made, strict=True)
            ):
                return ["r", list(path), ratios]
    return None


def _says(value: Any) -> int:
    """How little chance there is that a value is the same as another by accident."""
    if isinstance(value, str | list | dict):
        return 2 + len(value)
    return 0 if value is ABSENT else 1


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
