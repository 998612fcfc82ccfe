"""Requests that the forms let through, built into steps and held against the contract.

They take the way of a preview: read, resolved, built, checked. The same violation is noted once for an
ecosystem, with every workflow key and every value that leads to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import Any

from civgen.engines.calls import steps_of
from civgen.errors import CivgenError, InvalidInput, Problem
from civgen.forms.form import Mode
from civgen.jobs.body import body_of
from civgen.jobs.preview import context_of, middle_seed, validate
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.samples import Sample
from civgen.lint.walks import MOST, Situation, Visit, Walk, situations, walks
from civgen.orchestrator.contract.contract import Leaf

#: How the contract puts it that it has no such property.
UNKNOWN = "is not known here"
#: What stands for a path where the form itself refuses a request.
FORM = "the form's"
#: What stands for a path where the engine raises.
BUILD = "build"


@dataclass(slots=True)
class Violation:
    """What the contract refuses of one ecosystem's steps, at one place of the input.

    Attributes:
        path: the place, without numbers: `textToImage input.cfgScale`.
        problem: what is wrong, the first time.
        facts: what the form's conditions could ask then.
        visit: the field whose value leads to it; None when the engine alone does.
        line: of the engine's module, where building failed.
        offered: the values of that field that lead to it.
        workflows: the workflow keys in which it happens.
    """

    maker: Maker
    path: str
    problem: Problem
    facts: Mapping[str, Any]
    visit: Visit | None = None
    line: int | None = None
    offered: list[Any] = field(default_factory=list)
    workflows: list[str] = field(default_factory=list)

    def add(self, situation: Situation, walk: Walk) -> None:
        """Note another request that leads to it."""
        if situation.workflow not in self.workflows:
            self.workflows.append(situation.workflow)
        value = walk.given.get(self.visit.field.key) if self.visit else None
        if self.visit and value not in self.offered:
            self.offered.append(value)


@dataclass(frozen=True, slots=True)
class _Fault:
    """One problem of one request."""

    path: str
    problem: Problem
    line: int | None = None

    @property
    def key(self) -> str:
        """What makes it the same as another: the place; of what an engine raises, the words too."""
        return f"{self.path} {self.problem.message}" if self.path == BUILD else self.path


@dataclass(frozen=True, slots=True)
class _Trial:
    """What came of one request: its faults, and its main steps' inputs with the leaves that they chose."""

    faults: list[_Fault]
    inputs: tuple[tuple[Leaf, Mapping[str, Any]], ...] = ()

    @property
    def leaves(self) -> tuple[str, ...]:
        """The names of the leaves."""
        return tuple(leaf.name for leaf, _ in self.inputs)


@dataclass(slots=True)
class Sent:
    """What an engine was seen to send to one leaf of the contract: values by property, as JSON."""

    leaf: Leaf
    values: dict[str, set[str]] = field(default_factory=dict)

    def add(self, given: Mapping[str, Any]) -> None:
        """Note one input; of a list, its entries."""
        for name, value in given.items():
            said = value if isinstance(value, list) else [value]
            self.values.setdefault(name, set()).update(json.dumps(one) for one in said)


@dataclass(slots=True)
class Tried:
    """What came of all that was tried with one engine at work."""

    violations: dict[str, Violation] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)

    def note(self, situation: Situation, walk: Walk, trial: _Trial) -> None:
        """Note one trial."""
        for fault in trial.faults:
            if fault.key not in self.violations:
                self.violations[fault.key] = _violation(situation, walk, fault)
            self.violations[fault.key].add(situation, walk)
        for leaf, given in trial.inputs:
            self.sent.setdefault(leaf.name, Sent(leaf)).add(given)


def tried(house: House, maker: Maker) -> Tried:
    """Try every value of a form; see `walks`.

    Where fields choose between leaves of the contract, every value is tried with every such choice.
    """
    result = Tried()
    for situation in situations(house, maker):
        if len(_cover(situation, result)) > 1:
            for held in _choices(situation):
                _cover(replace(situation, seen=set(), held=held), result)
    return result


def _cover(situation: Situation, result: Tried) -> set[tuple[str, ...]]:
    """Note what comes of the requests of a situation; answers the leaves they chose."""
    leaves = set()
    for walk in walks(situation):
        if walk.fresh:
            trial = _try(situation, walk.given)
            leaves.add(trial.leaves)
            result.note(situation, walk, trial)
    return leaves - {()}


def _choices(situation: Situation) -> Iterator[dict[str, Sample]]:
    """Every combination of the fields that choose the leaf, found by changing one at a time."""
    plain = next(walks(replace(situation, seen=set())))
    usual = _try(situation, plain.given).leaves
    choosing = [visit for visit in plain.visits if _chooses(situation, plain, visit, usual)]
    combinations = product(*(visit.samples for visit in choosing))
    for chosen in islice(combinations, MOST):
        yield {visit.field.key: sample for visit, sample in zip(choosing, chosen, strict=True)}


def _chooses(situation: Situation, plain: Walk, visit: Visit, usual: tuple[str, ...]) -> bool:
    trials = (_try(situation, {**plain.given, visit.field.key: other.value}) for other in visit.samples)
    return any(trial.leaves not in ((), usual) for trial in trials)


def _try(situation: Situation, given: Mapping[str, Any]) -> _Trial:
    """Carry one request through to its body, as a preview does, and hold that against the contract."""
    platform = situation.platform
    try:
        request, resolution = validate(
            situation.request(given), platform, situation.supplies.records, Mode.STRICT
        )
    except InvalidInput as error:
        return _Trial([_Fault(f"{FORM} {problem.field}", problem) for problem in error.details])
    except CivgenError:
        return _Trial([])  # a name that leads nowhere is another rule's
    values = dict(resolution.values)
    if "seed" in values and values["seed"] is None:
        values["seed"] = middle_seed()
    try:
        context = context_of(request, values, platform)
        steps = steps_of(request.engine, values, resolution.resources, context)
        body = body_of(request, values, resolution.resources, steps, ())
    except CivgenError as error:
        return _Trial([_raised(error)])
    faults = [_Fault(_path(body, problem), problem) for problem in platform.contract.check_body(body)]
    return _Trial(faults, _inputs(situation, body))


def _inputs(situation: Situation, body: Mapping[str, Any]) -> tuple[tuple[Leaf, Mapping[str, Any]], ...]:
    """The inputs of the engine's own steps, with their leaves; none where a discriminator is wrong."""
    own = [step for step in body["steps"] if step["$type"] == situation.maker.engine.step_type]
    leaf = situation.platform.contract.leaf
    try:
        return tuple((leaf(step["$type"], step["input"]), step["input"]) for step in own)
    except InvalidInput:
        return ()


def _violation(situation: Situation, walk: Walk, fault: _Fault) -> Violation:
    visit = _culprit(situation, walk, fault)
    return Violation(situation.maker, fault.path, fault.problem, walk.facts, visit, fault.line)


def _culprit(situation: Situation, walk: Walk, fault: _Fault) -> Visit | None:
    """The field without whose value the fault would not be: every other value is tried in its place."""
    visits = [visit for visit in walk.visits if visit.taken and _may_cause(visit, fault)]
    visits.sort(key=lambda visit: not _mentions(visit, fault.problem.given))
    for visit in visits:
        for other in visit.samples:
            given = {**walk.given, visit.field.key: other.value}
            if visit.taken and other.value != visit.taken.value and not _persists(situation, given, fault):
                return visit
    return None


def _persists(situation: Situation, given: Mapping[str, Any], fault: _Fault) -> bool:
    """Whether a changed request shows the fault still, or cannot tell because the form refuses it."""
    return any(one.key == fault.key or one.path.startswith(FORM) for one in _try(situation, given).faults)


def _may_cause(visit: Visit, fault: _Fault) -> bool:
    """What is missing can only be due to a field left empty; what is unknown is the engine's own."""
    empty = visit.taken is None or visit.field.is_missing(visit.taken.value)
    return empty if fault.problem.given is None else fault.problem.message != UNKNOWN


def _mentions(visit: Visit, given: Any) -> bool:
    value = visit.taken.value if visit.taken else None
    return value == given or (isinstance(value, Mapping) and given in value.values())


def _path(body: Mapping[str, Any], problem: Problem) -> str:
    """`steps[1].input.images[0]` as `textToImage input.images`: the same place in every request."""
    found = re.match(r"steps\[(\d+)\]\.?(.*)", problem.field)
    if not found:
        return f"body {problem.field}"
    step, place = body["steps"][int(found[1])], re.sub(r"\[\d+\]", "", found[2])
    return f"{step['$type']} {place}"


def _raised(error: CivgenError) -> _Fault:
    own = [problem.message for problem in error.details if problem.field == BUILD]
    words = own[0] if own else f"raises {error.message}"
    problem = Problem(BUILD, words, given=words, hint=error.hint)
    return _Fault(BUILD, problem, error.where.line if error.where else None)
