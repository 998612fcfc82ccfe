"""Whether the orchestrator takes a document that somebody wrote: a body, a step, or a step's input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from civgen.errors import InvalidInput, Problem
from civgen.orchestrator.contract.contract import Contract
from civgen.orchestrator.contract.diff import leaf_name

Kind = Literal["body", "step", "input"]


@dataclass(frozen=True)
class Branch:
    """Which schema a step was held against.

    Attributes:
        leaf: step type and discriminators; None when they choose none.
        chosen: discriminator -> value.
    """

    at: str
    leaf: str | None
    chosen: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """`{"at", "leaf", "chosen"}`."""
        return {"at": self.at, "leaf": self.leaf, "chosen": dict(self.chosen)}


@dataclass(frozen=True)
class Verdict:
    """What was looked at, by which branches, and all that is wrong with it."""

    kind: Kind
    branches: Sequence[Branch]
    problems: Sequence[Problem]

    @property
    def taken(self) -> bool:
        """Whether the orchestrator takes it."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """`{"kind", "taken", "branches", "problems"}`."""
        return {
            "kind": self.kind,
            "taken": self.taken,
            "branches": [one.as_json() for one in self.branches],
            "problems": [one.as_json() for one in self.problems],
        }


def verdict(document: Any, contract: Contract, step_type: str | None = None) -> Verdict:
    """Judge a document by the contract.

    Args:
        document: a body (it has `steps`), a step (it has `$type`), or with `step_type` a step's input.

    Raises:
        InvalidInput: it is none of them, or `step_type` is needed or not known.
    """
    if not isinstance(document, Mapping):
        raise InvalidInput(f"A body, a step or an input is a JSON object, not {_kind_of(document)}.")
    if step_type is not None:
        return _input(document, contract, step_type)
    if "steps" in document:
        steps = document["steps"] if isinstance(document["steps"], list) else []
        branches = [_branch(step, contract, f"steps[{n}]") for n, step in enumerate(steps)]
        return Verdict("body", branches, contract.check_body(document))
    if "$type" in document:
        return Verdict("step", [_branch(document, contract, "")], _step(document, contract))
    types = " | ".join(contract.step_types[:6])
    raise InvalidInput(
        "It cannot be told what this is: a body has steps, and a step has a $type.",
        hint=f"For a step's input alone say of which type: --step {types} | …",
    )


def _input(given: Mapping[str, Any], contract: Contract, step_type: str) -> Verdict:
    if step_type not in contract.step_types:
        contract.leaf(step_type, given)  # says what there is
    step = {"$type": step_type, "input": given}
    found = [_within(problem, "input") for problem in _step(step, contract)]
    return Verdict("input", [_branch(step, contract, "")], found)


def _step(step: Mapping[str, Any], contract: Contract) -> list[Problem]:
    return [_within(problem, "step") for problem in contract.check_step(step, "step")]


def _within(problem: Problem, name: str) -> Problem:
    """A problem whose field is counted from within what was given."""
    from dataclasses import replace

    return replace(problem, field=problem.field.removeprefix(name).lstrip("."))


def _branch(step: Any, contract: Contract, at: str) -> Branch:
    given = step if isinstance(step, Mapping) else {}
    try:
        leaf = contract.leaf(given.get("$type"), given.get("input"))  # type: ignore[arg-type]
    except InvalidInput:
        return Branch(at, None, {})
    return Branch(at, leaf_name(leaf), leaf.discriminators)


def _kind_of(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
