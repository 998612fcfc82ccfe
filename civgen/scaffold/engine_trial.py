"""A new engine tried out: requests for every operation, and whether the contract takes what is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civgen.engines.pricing import price_step
from civgen.engines.registry import module_name
from civgen.jobs.platform import Platform
from civgen.scaffold.answers import EngineAnswers
from civgen.scaffold.base_model import literals
from civgen.scaffold.leaves import OPERATION
from civgen.scaffold.probe import example_request, refused_value
from civgen.scaffold.pythontext import code, constant
from civgen.scaffold.sketch import Sketch
from civgen.testing import engine_steps


@dataclass(frozen=True)
class Trial:
    """What came of trying an engine out.

    Attributes:
        requests: one for each operation of a workflow key.
        refused: a field with a value that the form refuses.
        has_price: whether some engine knows the price of what is built; one that there is may build the same.
    """

    requests: list[dict[str, Any]]
    refused: dict[str, Any]
    has_price: bool


def tried(answers: EngineAnswers, sketch: Sketch, platform: Platform) -> Trial:
    """Build every operation of a sketched engine.

    Raises:
        InvalidInput: the contract refuses what is built.
    """
    form = platform.engines[answers.key].form
    requests = [
        example_request(form, platform, workflow, {OPERATION: one.name} if sketch.choosing.by_field else {})
        for one in sketch.choosing.operations
        for workflow in one.workflows
    ]
    steps = [
        step
        for request in (*requests, {**requests[0], **sketch.settings})
        for step in _steps(answers, request, platform)
    ]
    refused = refused_value(form, platform, sketch.workflows[0])
    return Trial(requests, refused, price_step(steps[0], platform.engines) is not None)


def answers_of_test(answers: EngineAnswers, ecosystem: str, sketch: Sketch, trial: Trial) -> dict[str, Any]:
    """What the template `engine-test` asks.

    Args:
        ecosystem: key of the one that uses the engine; empty where there is none.
    """
    operations = [one.name for one in sketch.choosing.operations for _ in one.workflows]
    several = len(sketch.choosing.operations) > 1
    return {
        "key": answers.key,
        "module": module_name(answers.key),
        "step_type": sketch.leaf.step_type,
        "options": constant("OPTIONS", answers.engine_options),
        "requests": literals(trial.requests),
        "operations": code(operations, 0, len("OPERATIONS = ")) if several else "",
        "constants": constant("ALWAYS", sketch.constants),
        "settings": constant("SETTINGS", sketch.settings) if sketch.settings else "",
        "refused": constant("REFUSED", trial.refused),
        "ecosystem": ecosystem,
    }


def _steps(answers: EngineAnswers, request: Mapping[str, Any], platform: Platform) -> list[dict[str, Any]]:
    fields = {name: value for name, value in request.items() if name != "workflow"}
    return engine_steps(platform, answers.key, request["workflow"], answers.engine_options, fields)
