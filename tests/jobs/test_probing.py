"""What a payload is as a function of a form's values is found by trying; what is not found is not claimed."""

from __future__ import annotations

import hashlib
from random import Random

import pytest

from civgen.engines.base import Price, Resource, Resources
from civgen.forms.kinds.choice import closest_ratio
from civgen.jobs.probing.draws import Lot
from civgen.jobs.probing.examples import FREE, Examples
from civgen.jobs.probing.facts import ABSENT, facts_of, same
from civgen.jobs.probing.learn import learn
from civgen.jobs.probing.nodes import Unknown, complete, evaluate, text
from civgen.jobs.probing.numbers import RULES, rule_of
from civgen.jobs.probing.pipeline import total
from civgen.jobs.probing.probe import corrected

SIZES = [{"value": "1:1", "width": 1024, "height": 1024}, {"value": "3:2", "width": 1216, "height": 832}]


def worlds(number, seed=1):
    """Facts drawn by lot, each with copies that differ in one of them; as pairs, too."""
    random = Random(seed)
    lot = Lot(random)

    def lora():
        return {"air": f"{FREE}urn:{lot.text()}", "strength": random.uniform(-2, 2)}

    def drawn():
        return {
            "prompt": random.choice(["", lot.text()]),
            "mode": random.choice(["fast", "slow", "best"]),
            "sound": random.choice([True, False]),
            "seed": random.choice([None, random.randint(5, 10**6)]),
            "steps": random.randint(1, 40),
            "size": random.choice(SIZES),
            "images": [lot.image() for _ in range(random.randint(0, 3))],
            "resources": [lora() for _ in range(random.randint(0, 3))],
        }  # fmt: skip

    facts, pairs = [], []
    for _ in range(number):
        start, other = drawn(), drawn()
        facts.append(start)
        for name in start:
            facts.append({**start, name: other[name]})
            pairs.append((len(facts) - 1 - list(start).index(name) - 1, len(facts) - 1, frozenset({name})))
    return Examples(facts, pairs)


def nearest(image):
    return closest_ratio(image["width"] / image["height"], ["1:1", "16:9", "9:16"])


MAKERS = {
    "a constant": lambda f: "videoGen",
    "what stands there": lambda f: f["prompt"],
    "a part of it": lambda f: f["size"]["width"],
    "nothing, sometimes": lambda f: f["prompt"] or ABSENT,
    "a default for nothing": lambda f: 7 if f["seed"] is None else f["seed"],
    "a table": lambda f: {"fast": 1, "slow": 2.5, "best": 9}[f["mode"]],
    "a table of tables": lambda f: {"fast": 1, "slow": 2.5, "best": 9}[f["mode"]] if f["sound"] else "silent",
    "a number of a number": lambda f: f["steps"] * 1.5,
    "a rounded number": lambda f: -(-f["steps"] // 4),
    "the number of entries": lambda f: len(f["images"]),
    "a list of parts": lambda f: [one["url"] for one in f["images"]],
    "all but the first": lambda f: [one["url"] for one in f["images"][1:]],
    "a mapping by a part": lambda f: {one["air"]: one["strength"] for one in f["resources"]} | {"own": 1},
    "one before the last": lambda f: [*([{"kind": f["mode"]}] if f["sound"] else []), {"p": f["prompt"]}],
    "JSON in a text": lambda f: text({"p": f["prompt"], "n": f["steps"]}),
    "the nearest ratio": lambda f: nearest(f["images"][0]) if f["images"] else ABSENT,
}  # fmt: skip


@pytest.mark.parametrize("name", MAKERS)
def test_what_was_learnt_from_some_makes_the_rest(name):
    examples, fresh = worlds(40), worlds(40, seed=2)
    make = MAKERS[name]
    node = learn(examples, range(len(examples.facts)), [make(one) for one in examples.facts])
    assert complete(node)
    assert all(same(evaluate(node, one), make(one)) for one in fresh.facts)


def test_what_no_node_can_make_is_not_known_and_the_rest_is():
    def make(facts):
        return {"hash": hashlib.sha256(facts["prompt"].encode()).hexdigest(), "steps": facts["steps"]}

    examples = worlds(20)
    node = learn(examples, range(len(examples.facts)), [make(one) for one in examples.facts])
    for facts in worlds(20, seed=3).facts:
        node = corrected(node, facts, make(facts))
    assert not complete(node)
    known = dict(node[1])
    assert evaluate(known["steps"], examples.facts[0]) == examples.facts[0]["steps"]
    with pytest.raises(Unknown):
        evaluate(known["hash"], worlds(1, seed=9).facts[0])


def test_a_wrong_node_is_taken_back_where_it_is_wrong_and_only_there():
    node = [
        "o",
        [["a", ["c", 1]], ["b", ["t", [["mode"], "value"], {'"x"': 0, '"y"': 1}, [["c", 5], ["c", 6]]]]],
    ]
    now = corrected(node, {"mode": "x"}, {"a": 1, "b": 7})
    assert evaluate(now, {"mode": "y"}) == {"a": 1, "b": 6}
    with pytest.raises(Unknown):
        evaluate(now, {"mode": "x"})


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_found_that_makes_the_same_numbers(name):
    given = list(range(1, 200))
    made = [RULES[name](one, 1.5 if "/" not in name else 4) for one in given]
    found = rule_of(given, made)
    assert found is not None
    assert [RULES[found[0]](one, found[1]) for one in given] == made


def test_true_is_not_one_and_nothing_is_not_null():
    assert not same(True, 1)
    assert not same({"a": [1]}, {"a": [True]})
    assert not same(ABSENT, None)
    assert same(2.0, 2)


@pytest.mark.parametrize("rounds_up", [True, False])
def test_the_parts_of_a_price_make_its_total(rounds_up):
    price = Price(3333, {"mode": 0.6, "silent": 2 / 3}, {"extra": 1.2}, rounds_up)
    parts = {"base": price.base, "factors": price.factors, "fixed": price.fixed, "up": rounds_up}
    assert total([parts, parts]) == 2 * price.total
    assert total(None) is None


def test_facts_name_resources_by_what_they_do():
    lora, embedding = Resource(1, "LORA", "urn:1", 0.5), Resource(2, "TextualInversion", "urn:2")
    resources = Resources(Resource(9, "Checkpoint", "urn:9"), (lora, embedding))
    facts = facts_of({"model": {"id": 9}, "cfg": 7.0}, resources, frozenset({8}))
    assert facts["@version"] == 0
    assert facts["cfg"] == 7
    assert isinstance(facts["cfg"], int)
    assert facts["@loras"] == [{"id": 1, "type": "LORA", "air": "urn:1", "strength": 0.5}]
    assert [one["id"] for one in facts["@all"]] == [9, 1, 2]
