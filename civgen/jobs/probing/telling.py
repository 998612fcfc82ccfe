"""Which feature of the facts tells most about what comes out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from civgen.jobs.probing.examples import Examples
from civgen.jobs.probing.facts import ABSENT
from civgen.jobs.probing.nodes import Feature

#: Positions by the values of a feature that go together.
Groups = dict[tuple[str, ...], list[int]]

#: So many things of one kind are looked at when it is asked what tells them from others.
ENOUGH = 80


def telling(examples: Examples, ids: Sequence[int], made: Sequence[Any]) -> tuple[Feature, Groups] | None:
    """The feature that tells most about what was made, and positions by its values; None if none does."""
    kinds = _kinds(made)
    few = _some_of_each(kinds)
    few_ids, few_kinds = [ids[one] for one in few], [kinds[one] for one in few]
    splits = ((which, examples.values(which, few_ids)) for which in examples.relevant(ids, made))
    several = ((_told(groups, few_kinds), which) for which, groups in splits if len(groups) > 1)
    best = max(several, key=lambda one: one[0], default=None)
    return best and (best[1], _alike(examples.values(best[1], ids), kinds))


def _some_of_each(kinds: Sequence[Any]) -> list[int]:
    """Positions that speak for all: some of each kind."""
    places: dict[Any, list[int]] = {}
    for place, kind in enumerate(kinds):
        places.setdefault(kind, []).append(place)
    return [one for several in places.values() for one in several[:: -(-len(several) // ENOUGH)]]


def _kinds(made: Sequence[Any]) -> list[Any]:
    """What sort of thing each is: a list of so many, a mapping, nothing, a value that recurs, or any."""
    texts = [repr(one) if isinstance(one, str | int | float) else "" for one in made]
    counts = Counter(texts)
    return [
        (one if counts[one] > 1 else "any") if one else _shape(value)
        for one, value in zip(texts, made, strict=True)
    ]


def _alike(groups: Groups, shapes: Sequence[Any]) -> Groups:
    """Groups with those together out of which things of the same shapes come: they are learnt as one."""
    together: dict[frozenset[Any], tuple[tuple[str, ...], list[int]]] = {}
    for values, positions in groups.items():
        several = frozenset(shapes[one] for one in positions)
        names, others = together.get(several, ((), []))
        together[several] = ((*names, *values), [*others, *positions])
    return {names: sorted(positions) for names, positions in together.values()}


def _told(groups: Groups, shapes: Sequence[Any]) -> float:
    """How much of what is unknown about the shape a feature tells, beside what it brings in itself."""
    whole = _entropy(list(Counter(shapes).values()))
    left = sum(
        len(group) * _entropy(list(Counter(shapes[one] for one in group).values()))
        for group in groups.values()
    )
    told = whole - left / len(shapes)
    return told / (1 + _entropy([len(group) for group in groups.values()]))


def _entropy(counts: Sequence[int]) -> float:
    every = sum(counts)
    return -sum(one / every * math.log2(one / every) for one in counts)


def _shape(value: Any) -> Any:
    if isinstance(value, list):
        return len(value)
    return "mapping" if isinstance(value, dict) else "nothing" if value is ABSENT else "value"
