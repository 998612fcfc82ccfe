"""Nodes: a payload as a function of facts, written as JSON so that a page can carry it out.

    ["c", value]                      always this
    ["x"]                             nothing stands here
    ["?"]                             not known: only the pipeline tells
    ["g", path]                       what stands at a path of the facts
    ["n", path, rule, number]         a number made of one (`civgen.jobs.probing.numbers`)
    ["r", path, ratios]               the ratio nearest to that of the medium at a path
    ["o", [[key, node], ...]]         a mapping
    ["l", [node, ...]]                a list
    ["m", path, skip, node]           a list with an entry for each entry of another, from `skip` on
    ["d", path, skip, key, node, [[key, node], ...]]   a mapping likewise, keyed by a path; then more
    ["j", node]                       JSON as text
    ["t", feature, {text: number}, [node, ...]]        one of several nodes, by a feature of the facts

Within `m` and `d`, `@item` is the entry and `@index` its number. A feature is `[path, how]`: the `value` at a
path, whether there `is` one, whether it is `given` (and not empty), or the `count` of its entries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from civgen.forms.kinds.choice import closest_ratio
from civgen.jobs.probing.facts import ABSENT, Facts, Path, at, plain
from civgen.jobs.probing.numbers import RULES

Node = list[Any]
Feature = tuple[Path, str]

NOTHING: Node = ["x"]
UNKNOWN: Node = ["?"]


class Unknown(Exception):
    """Only the pipeline tells."""


def feature(facts: Facts, which: Feature) -> str:
    """What a feature is of some facts, as text."""
    path, how = which
    value = at(facts, tuple(path))
    if how == "count":
        return str(len(value)) if isinstance(value, list) else "0"
    if how == "is":
        return "no" if value is ABSENT or value is None else "yes"
    if how == "given":
        return "yes" if value is not ABSENT and value else "no"
    return "" if value is ABSENT else text(value)


def text(value: Any) -> str:
    """A value as JSON text, as a browser writes it."""
    return json.dumps(plain(value), separators=(",", ":"), ensure_ascii=False)


def evaluate(node: Node, facts: Facts) -> Any:
    """What a node makes of facts; `ABSENT` for nothing.

    Raises:
        Unknown: it does not know.
    """
    return _KINDS[node[0]](node, facts)


def complete(node: Node) -> bool:
    """Whether a node knows everything."""
    if node[0] == "?":
        return False
    return all(complete(child) for child in children(node))


def children(node: Node) -> list[Node]:
    """The nodes right below a node."""
    below = _BELOW.get(node[0])
    return below(node) if below else []


_BELOW: Mapping[str, Callable[[Node], list[Node]]] = {
    "o": lambda node: [child for _, child in node[1]],
    "l": lambda node: list(node[1]),
    "m": lambda node: [node[3]],
    "d": lambda node: [node[4], *(child for _, child in node[5])],
    "j": lambda node: [node[1]],
    "t": lambda node: list(node[3]),
}


def entries(node: Node, facts: Facts) -> list[dict[str, Any]]:
    """Facts for each entry that a node of kind `m` or `d` goes through."""
    found = at(facts, tuple(node[1]))
    several = found[node[2] :] if isinstance(found, list) else []
    return [{**facts, "@item": one, "@index": number} for number, one in enumerate(several)]


def branch(node: Node, facts: Facts) -> int | None:
    """Which of a `t` node's nodes applies; None when it has never met these facts."""
    number: int | None = node[2].get(feature(facts, node[1]))
    return number


def _unknown(_node: Node, _facts: Facts) -> Any:
    raise Unknown


def _number(node: Node, facts: Facts) -> Any:
    value = at(facts, tuple(node[1]))
    return ABSENT if value is ABSENT or value is None else RULES[node[2]](value, node[3])


def _ratio(node: Node, facts: Facts) -> Any:
    medium = at(facts, tuple(node[1]))
    return ABSENT if medium is ABSENT else closest_ratio(medium["width"] / medium["height"], node[2])


def _mapping(pairs: list[tuple[str, Node]], facts: Facts) -> dict[str, Any]:
    made = ((key, evaluate(child, facts)) for key, child in pairs)
    return {key: value for key, value in made if value is not ABSENT}


def _keyed(node: Node, facts: Facts) -> dict[str, Any]:
    inner = ((at(one, tuple(node[3])), evaluate(node[4], one)) for one in entries(node, facts))
    return {**{key: value for key, value in inner if value is not ABSENT}, **_mapping(node[5], facts)}


def _switch(node: Node, facts: Facts) -> Any:
    number = branch(node, facts)
    if number is None:
        raise Unknown
    return evaluate(node[3][number], facts)


_KINDS: Mapping[str, Callable[[Node, Facts], Any]] = {
    "c": lambda node, _: node[1],
    "x": lambda _node, _: ABSENT,
    "?": _unknown,
    "g": lambda node, facts: at(facts, tuple(node[1])),
    "n": _number,
    "r": _ratio,
    "o": lambda node, facts: _mapping(node[1], facts),
    "l": lambda node, facts: [evaluate(child, facts) for child in node[1]],
    "m": lambda node, facts: [evaluate(node[3], one) for one in entries(node, facts)],
    "d": _keyed,
    "j": lambda node, facts: text(evaluate(node[1], facts)),
    "t": _switch,
}
