"""From examples to a node: the simplest function of the facts that makes what the pipeline made.

What is always the same is a constant; what stands in the facts is taken from there; a number may follow
from a number. Mappings and lists are learnt part by part. What is left differs by a feature of the facts
that was seen to matter: then each of its values has a node of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from civgen.jobs.probing.direct import direct
from civgen.jobs.probing.examples import Examples
from civgen.jobs.probing.facts import ABSENT, Path, at, same
from civgen.jobs.probing.nodes import UNKNOWN, Feature, Node, Unknown, complete, evaluate, text
from civgen.jobs.probing.telling import Groups, telling

Ids = Sequence[int]
Made = Sequence[Any]
#: How many features, one within the other, a value may depend on.
DEPTH = 6


def learn(examples: Examples, ids: Ids, made: Made, depth: int = DEPTH) -> Node:
    """The node that makes what was made; with `?` where none was found.

    Args:
        ids: numbers of the examples to look at.
        made: what the pipeline made of each.
    """
    if (node := direct(examples, ids, made)) is not None:
        return node
    parts = _parts(examples, ids, made, depth)
    return parts or _told_apart(examples, ids, made, depth) or UNKNOWN


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
    """A node for each value of the feature that tells most about what comes out."""
    found = telling(examples, ids, made) if depth else None
    return _by(examples, ids, made, *found, depth - 1) if found else None


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
