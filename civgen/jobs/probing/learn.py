"""From examples to a node: the simplest function of the facts that makes what the pipeline made.

What is always the same is a constant; what stands in the facts is taken from there; a number may follow
from a number. Mappings and lists are learnt part by part. What is left differs by a feature of the facts
that was seen to matter: then each of its values has a node of its own.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

from civgen.forms.kinds.choice import closest_ratio, ratio_of
from civgen.jobs.probing.examples import Examples
from civgen.jobs.probing.facts import ABSENT, Path, at, same
from civgen.jobs.probing.nodes import NOTHING, UNKNOWN, Feature, Node, Unknown, complete, evaluate, text
from civgen.jobs.probing.numbers import rule_of

Ids = Sequence[int]
Made = Sequence[Any]
#: Positions by the values of a feature that go together.
Groups = dict[tuple[str, ...], list[int]]

#: How many features, one within the other, a value may depend on.
DEPTH = 6
#: So many things of one kind are looked at when it is asked what tells them from others.
ENOUGH = 80


def learn(examples: Examples, ids: Ids, made: Made, depth: int = DEPTH) -> Node:
    """The node that makes what was made; with `?` where none was found.

    Args:
        ids: numbers of the examples to look at.
        made: what the pipeline made of each.
    """
    for attempt in (_constant, _taken, _taken_if_there, _computed, _nearest):
        if (node := attempt(examples, ids, made)) is not None:
            return node
    parts = _parts(examples, ids, made, depth)
    return parts or _told_apart(examples, ids, made, depth) or UNKNOWN


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


def _parts(examples: Examples, ids: Ids, made: Made, depth: int) -> Node | None:
    """Mappings and lists, part by part; text that is JSON, by what it says."""
    if all(isinstance(one, dict) for one in made):
        return _mapping(examples, ids, made, depth)
    if all(isinstance(one, list) for one in made):
        return _listing(examples, ids, made, depth)
    if all(isinstance(one, str) and one.startswith("{") for one in made):
        return _json(examples, ids, made, depth)
    return None


def _mapping(examples: Examples, ids: Ids, made: Made, depth: int) -> Node | None:
    keys = _merged(list(dict.fromkeys(tuple(one) for one in made)))
    always = [key for key in keys if all(key in one for one in made)]
    if len(always) < len(keys) and (keyed := _keyed(examples, ids, made, always, depth)):
        return keyed
    return ["o", _pairs(examples, ids, made, keys, depth)]


def _pairs(examples: Examples, ids: Ids, made: Made, keys: list[str], depth: int) -> list[list[Any]]:
    parts = ((key, [one.get(key, ABSENT) for one in made]) for key in keys)
    return [[key, learn(examples, ids, part, depth)] for key, part in parts]


def _keyed(examples: Examples, ids: Ids, made: Made, always: list[str], depth: int) -> Node | None:
    """A mapping keyed by a part of the entries of a list, with what is always there besides."""
    for source, skip in _sources(examples, ids, [len(one) - len(always) for one in made], len(always)):
        inner, found = examples.spread(source, skip, ids)
        for part in _keys_of(found):
            keys = [at(entry, part) for _, entry in found]
            besides = [key for key in always if key not in keys]
            if not _agrees(ids, made, found, keys, besides):
                continue
            values = [made[position][key] for (position, _), key in zip(found, keys, strict=True)]
            node = learn(inner, range(len(values)), values, depth)
            return [
                "d",
                list(source),
                skip,
                ["@item", *part],
                node,
                _pairs(examples, ids, made, besides, depth),
            ]
    return None


def _agrees(ids: Ids, made: Made, found: list[tuple[int, Any]], keys: list[Any], besides: list[str]) -> bool:
    expected: list[set[Any]] = [set(besides) for _ in ids]
    for (position, _), key in zip(found, keys, strict=True):
        expected[position].add(key)
    return bool(found) and all(set(one) == wanted for one, wanted in zip(made, expected, strict=True))


def _keys_of(found: list[tuple[int, Any]]) -> list[Path]:
    first = found[0][1] if found else None
    if not isinstance(first, dict):
        return []
    return [(name,) for name, value in first.items() if isinstance(value, str)]


def _listing(examples: Examples, ids: Ids, made: Made, depth: int) -> Node | None:
    lengths = {len(one) for one in made}
    if len(lengths) == 1:
        columns = list(zip(*made, strict=True))
        return ["l", [learn(examples, ids, column, depth) for column in columns]]
    entries = [entry for one in made for entry in one]
    for source, skip in _sources(examples, ids, [len(one) for one in made]):
        inner, _ = examples.spread(source, skip, ids)
        node = learn(inner, range(len(entries)), entries, depth)
        if complete(node):
            return ["m", list(source), skip, node]
    return None


def _sources(
    examples: Examples, ids: Ids, lengths: Sequence[int], most_besides: int = 0
) -> Iterator[tuple[Path, int]]:
    """The lists, whole or from their second entry on, that have as many entries as came out.

    Args:
        most_besides: how many more they may have, the same number in all.
    """
    for path in examples.lists:
        counts = [len(examples.flat[number].get(path, ())) for number in ids]
        for skip in (0, 1):
            more = {max(count - skip, 0) - wanted for count, wanted in zip(counts, lengths, strict=True)}
            if len(more) == 1 and 0 <= more.pop() <= most_besides:
                yield path, skip


def _json(examples: Examples, ids: Ids, made: Made, depth: int) -> Node | None:
    try:
        read = [json.loads(one) for one in made]
    except ValueError:
        return None
    if any(text(value) != one for value, one in zip(read, made, strict=True)):
        return None
    return ["j", learn(examples, ids, read, depth)]


def _told_apart(examples: Examples, ids: Ids, made: Made, depth: int) -> Node | None:
    """A node for each value of a feature that matters: the one that tells most about what comes out."""
    if not depth:
        return None
    kinds = _kinds(made)
    few = _some_of_each(kinds)
    few_ids, few_kinds = [ids[one] for one in few], [kinds[one] for one in few]
    splits = ((which, examples.values(which, few_ids)) for which in examples.relevant(ids, made))
    telling = (one for one in splits if len(one[1]) > 1)
    which, _ = max(telling, key=lambda one: _told(one[1], few_kinds), default=(None, {}))
    if which is None:
        return None
    return _by(examples, ids, made, which, _alike(examples.values(which, ids), kinds), depth - 1)


def _some_of_each(kinds: Sequence[Any]) -> list[int]:
    """Positions that speak for all: some of each kind."""
    places: dict[Any, list[int]] = {}
    for place, kind in enumerate(kinds):
        places.setdefault(kind, []).append(place)
    return [one for several in places.values() for one in several[:: -(-len(several) // ENOUGH)]]


def _kinds(made: Made) -> list[Any]:
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


def _says(value: Any) -> int:
    """How little chance there is that a value is the same as another by accident."""
    if isinstance(value, str | list | dict):
        return 2 + len(value)
    return 0 if value is ABSENT else 1


def _by(examples: Examples, ids: Ids, made: Made, which: Feature, groups: Groups, depth: int) -> Node | None:
    """A node for each value of one feature, values with the same outcome together."""
    table: dict[str, int] = {}
    nodes: list[Node] = []
    for values, positions in sorted(groups.items(), key=lambda group: -len(group[1])):
        inner, wanted = [ids[one] for one in positions], [made[one] for one in positions]
        number = next((n for n, node in enumerate(nodes) if _makes(node, examples, inner, wanted)), None)
        if number is None:
            node = learn(examples, inner, wanted, depth)
            number = len(nodes)
            nodes.append(node)
        table |= dict.fromkeys(values, number)
    return ["t", [list(which[0]), which[1]], table, nodes] if len(nodes) > 1 else None


def _makes(node: Node, examples: Examples, ids: Ids, made: Made) -> bool:
    """Whether a node makes what was made of these examples, too."""
    try:
        return all(
            same(evaluate(node, examples.facts[number]), one) for number, one in zip(ids, made, strict=True)
        )
    except Unknown:
        return False


def _merged(lists: list[tuple[str, ...]]) -> list[str]:
    """All keys in an order that agrees with that of each list, as far as there is one."""
    merged: list[str] = []
    for keys in lists:
        place = 0
        for key in keys:
            if key in merged:
                place = merged.index(key) + 1
            else:
                merged.insert(place, key)
                place += 1
    return merged


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
