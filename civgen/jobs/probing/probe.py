"""A model of the payload, found by trying the real pipeline, and held against it.

For one workflow key and engine, requests are tried around several starting points: each field takes each
value worth trying while the others stay. What the pipeline made of them is learnt (`learn`), then tried on
fresh requests drawn by lot; where the two disagree, requests around that one join the examples and it is
learnt again. In the end, what still disagrees is marked as not known: a model never guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field
from civgen.forms.form import Form
from civgen.jobs.probing.draws import Lot, drawn, values
from civgen.jobs.probing.examples import Examples
from civgen.jobs.probing.facts import ABSENT, same
from civgen.jobs.probing.learn import learn
from civgen.jobs.probing.nodes import UNKNOWN, Node, Unknown, branch, complete, evaluate
from civgen.jobs.probing.pipeline import Pipeline
from civgen.jobs.probing.walk import walked

#: Starting points of each version, and how many of each round's disagreements join the examples.
STARTS, COUNTEREXAMPLES = 2, 40
#: Rounds of learning, and requests that each is held against, the last once more.
ROUNDS, HELD_AGAINST = 6, 150

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Course:
    """One workflow key, carried out by one engine.

    Attributes:
        facts: what the form's conditions may ask besides the fields.
        checkpoints: numbers to choose among; None where the form has no such field.
    """

    pipeline: Pipeline
    workflow: str
    form: Form
    facts: Facts
    checkpoints: Sequence[int | None]


def derive(course: Course, lot: Lot) -> Node:
    """The payload as a node; with `?` where it is not known."""
    return _Prober(course, lot).run()


class _Prober:
    def __init__(self, course: Course, lot: Lot) -> None:
        self._course = course
        self._lot = lot
        self._examples = Examples([])
        self._made: list[Any] = []

    def run(self) -> Node:
        for checkpoint in self._course.checkpoints:
            for _ in range(STARTS):
                self._around(*self._drawn(checkpoint))
        node = self._learnt()
        for _ in range(ROUNDS):
            held = list(self._requests(HELD_AGAINST))
            wrong = [one for one in held if not _makes(node, *one[2])]
            if not wrong and complete(node):
                break
            wrong = wrong or held
            for _, _, outcome in wrong[1:COUNTEREXAMPLES]:
                self._take(outcome)
            self._around(*wrong[0][:2])
            node = self._learnt()
        for _, _, (facts, made) in self._requests(HELD_AGAINST):
            node = corrected(node, facts, made)
        return node

    def _learnt(self) -> Node:
        return learn(self._examples, range(len(self._made)), self._made)

    def _requests(self, number: int) -> Iterator[tuple[Given, Mapping[str, Any], tuple[Facts, Any]]]:
        """Fresh requests that the pipeline takes, with what it makes of them.

        So many are drawn by lot; then each value worth trying comes once, amid others drawn by lot.
        """
        checkpoints = self._course.checkpoints
        starts = (self._drawn(self._lot.random.choice(checkpoints)) for _ in range(number))
        for given, shown in (*starts, *self._with_each_value()):
            if outcome := self._course.pipeline.tried(self._course.workflow, given):
                yield given, shown, outcome

    def _with_each_value(self) -> Iterator[tuple[Given, Mapping[str, Any]]]:
        for checkpoint in self._course.checkpoints:
            _, shown = self._drawn(checkpoint)
            for key, how in shown.items():
                for value in self._values(key, how):
                    given, others = self._drawn(checkpoint)
                    yield self._with(given, key, value), others

    def _drawn(self, checkpoint: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
        def choose(field: Field, shown: Mapping[str, Any]) -> Any:
            return _model(checkpoint) if field.key == "model" else drawn(field, shown, self._lot)

        return walked(self._course.form, self._course.facts, choose)

    def _around(self, given: Given, shown: Mapping[str, Any]) -> None:
        """Take in a request, and those that differ from it in one field."""
        start = self._tried(given)
        if start is None:
            return
        for key, how in shown.items():
            for value in self._values(key, how):
                if value != given.get(key):
                    self._pair(start, self._tried(self._with(given, key, value)))

    def _values(self, key: str, shown: Mapping[str, Any]) -> list[Any]:
        if key == "model":
            return [_model(one) for one in self._course.checkpoints]
        return values(self._course.form[key], shown, self._lot)

    def _with(self, given: Given, key: str, value: Any) -> dict[str, Any]:
        """A request with another value in one field, and what must then change besides."""

        def choose(field: Field, shown: Mapping[str, Any]) -> Any:
            kept = value if field.key == key else given.get(field.key)
            return drawn(field, shown, self._lot) if kept is None and shown.get("required") else kept

        return walked(self._course.form, self._course.facts, choose)[0]

    def _tried(self, given: Given) -> int | None:
        outcome = self._course.pipeline.tried(self._course.workflow, given)
        return self._take(outcome) if outcome else None

    def _take(self, outcome: tuple[Facts, Any]) -> int:
        self._made.append(outcome[1])
        return self._examples.add(outcome[0])

    def _pair(self, one: int, other: int | None) -> None:
        if other is not None:
            first, second = self._examples.facts[one], self._examples.facts[other]
            names = first.keys() | second.keys()
            differing = (
                name for name in names if not same(first.get(name, ABSENT), second.get(name, ABSENT))
            )
            self._examples.pairs.append((one, other, frozenset(differing)))


def corrected(node: Node, facts: Facts, made: Any) -> Node:
    """A node without what it makes wrongly of these facts: there, it says that it does not know."""
    if _agrees(node, facts, made):
        return node
    match node[0], made:
        case "o", dict() if {key for key, _ in node[1]} >= made.keys():
            return ["o", [[key, corrected(child, facts, made.get(key, ABSENT))] for key, child in node[1]]]
        case "l", list() if len(made) == len(node[1]):
            return ["l", [corrected(child, facts, one) for child, one in zip(node[1], made, strict=True)]]
        case "t", _ if (number := branch(node, facts)) is not None:
            nodes = [corrected(one, facts, made) if n == number else one for n, one in enumerate(node[3])]
            return [*node[:3], nodes]
    return UNKNOWN


def _makes(node: Node, facts: Facts, made: Any) -> bool:
    """Whether a node makes exactly this of these facts."""
    try:
        return same(evaluate(node, facts), made)
    except Unknown:
        return False


def _agrees(node: Node, facts: Facts, made: Any) -> bool:
    """Whether a node makes this of these facts, as far as it knows."""
    if _makes(node, facts, made):
        return True
    match node[0], made:
        case "?", _:
            return True
        case "o", dict():
            known = {key for key, _ in node[1]}
            return known >= made.keys() and all(
                _agrees(child, facts, made.get(key, ABSENT)) for key, child in node[1]
            )
        case "l", list():
            return len(made) == len(node[1]) and all(
                _agrees(child, facts, one) for child, one in zip(node[1], made, strict=True)
            )
        case "t", _:
            number = branch(node, facts)
            return number is not None and _agrees(node[3][number], facts, made)
    return False


def _model(checkpoint: int | None) -> dict[str, int] | None:
    return None if checkpoint is None else {"id": checkpoint}
