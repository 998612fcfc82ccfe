"""Add an engine: a module made from the orchestrator's contract, its test, and an ecosystem that uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from civgen.engines.registry import module_name
from civgen.errors import CivgenError, InvalidInput, Problem, Where, display_path
from civgen.jobs.platform import Platform
from civgen.orchestrator.contract import Leaf, load_contract
from civgen.scaffold.answers import BaseModelAnswers, EngineAnswers
from civgen.scaffold.base_model import into_ecosystem, literals
from civgen.scaffold.changes import new_files
from civgen.scaffold.conflicts import disagreements, refusal
from civgen.scaffold.engine_text import module_answers
from civgen.scaffold.judge import judged
from civgen.scaffold.leaves import ENGINE, choose_leaf, others
from civgen.scaffold.outcome import Outcome, next_commands
from civgen.scaffold.probe import example_request, refused_value
from civgen.scaffold.pythontext import constant
from civgen.scaffold.render import render
from civgen.scaffold.scene import Scene, scene_of
from civgen.scaffold.sketch import Sketch, default_workflows, sketch_engine
from civgen.testing import engine_steps

#: The step type that makes a medium.
STEPS = {"image": "imageGen", "video": "videoGen"}


def add_engine(
    root: Path, answers: EngineAnswers, base_model: BaseModelAnswers | None = None, *, dry_run: bool = False
) -> Outcome:
    """Add an engine to a workspace.

    Args:
        root: the workspace.
        base_model: the ecosystem that is to use it, with its base model and version.
        dry_run: find out what would be written, and write nothing.

    Raises:
        InvalidInput: the contract has no such input, the answers disagree with what exists, or the
            orchestrator would refuse what was made of them.
        Refused: a file is in the way, such as a module that was edited since.
    """
    with scene_of(root) as scene:
        sketch = _sketch(answers, base_model, scene)
        outcome = _module(answers, sketch, scene)
        if base_model:
            addition = judged(_used_by(base_model, answers, sketch, scene), scene)
            outcome += into_ecosystem(addition, scene)
        else:
            outcome += Outcome(next=next_commands(None))
        outcome += _test(answers, base_model, sketch, scene)
        outcome += Outcome(notes=tuple(_notes(answers, base_model, sketch.leaf)))
    subject = {"command": "add-engine", "key": answers.key}
    return outcome.carried_out(root, subject, dry_run=dry_run)


def _sketch(answers: EngineAnswers, base_model: BaseModelAnswers | None, scene: Scene) -> Sketch:
    """What the contract says of the engine, once nothing speaks against it."""
    problems = list(_refused(answers, scene))
    contract, step = load_contract(), answers.step or STEPS[answers.media]
    leaf: Leaf | None = None
    try:
        leaf = choose_leaf(contract, step, answers.wire or answers.key, answers.choices)
    except InvalidInput as error:
        problems += error.details
    if base_model:
        problems += disagreements(base_model, scene)[0]
    if problems or leaf is None:
        raise refusal(problems)
    workflows = answers.workflows or default_workflows(contract, leaf, answers.media, scene.catalog)
    return sketch_engine(leaf, answers.media, workflows, scene.catalog)


def _refused(answers: EngineAnswers, scene: Scene) -> Iterator[Problem]:
    engines, module = scene.engines, module_name(answers.key)
    place = scene.copy / "engines" / answers.media / f"{module}.py"
    if answers.key in engines and (path := engines.file(answers.key)) != place:
        shown = scene.root / path.relative_to(scene.copy) if path.is_relative_to(scene.copy) else path
        yield Problem("KEY", "is an engine already", answers.key, where=Where(display_path(shown)))
    if answers.step not in (None, STEPS[answers.media]):
        yield Problem("--step", f"does not make {answers.media}", answers.step, [STEPS[answers.media]])
    for key in answers.workflows:
        try:
            output = scene.catalog.workflows[key].record.output
        except CivgenError as error:
            yield Problem("--workflow", error.message.rstrip("."), key, hint=error.hint)
            continue
        if output != answers.media:
            yield Problem("--workflow", f"makes {output}, and the engine {answers.media}", key)


def _module(answers: EngineAnswers, sketch: Sketch, scene: Scene) -> Outcome:
    """The engine's module, as tried out in the scene's copy."""
    changes, there = new_files(scene.root, render("engine", module_answers(answers, sketch)))
    scene.try_out(changes)
    return Outcome(tuple(changes), tuple(there))


def _used_by(
    base_model: BaseModelAnswers, answers: EngineAnswers, sketch: Sketch, scene: Scene
) -> BaseModelAnswers:
    """The answers for the ecosystem: what follows from the engine, unless it says so itself already."""
    home = disagreements(base_model, scene)[2]
    says_how = home is not None and scene.catalog.ecosystem(home.record.key).engine is not None
    words: dict[str, Any] = {"engine": answers.key, "media": answers.media}
    words |= {
        "engine_options": answers.engine_options,
        "workflows": [] if says_how else list(sketch.workflows),
    }
    return base_model.model_copy(update=words)


def _test(
    answers: EngineAnswers, base_model: BaseModelAnswers | None, sketch: Sketch, scene: Scene
) -> Outcome:
    """The test of the engine, whose requests were tried out."""
    platform = scene.platform()
    form = platform.engines[answers.key].form
    test = {
        "key": answers.key,
        "module": module_name(answers.key),
        "step_type": sketch.leaf.step_type,
        "options": constant("OPTIONS", answers.engine_options),
        "requests": literals(_accepted_requests(answers, sketch, platform)),
        "constants": constant("ALWAYS", sketch.constants),
        "settings": constant("SETTINGS", sketch.settings) if sketch.settings else "",
        "refused": constant("REFUSED", refused_value(form, platform, sketch.workflows[0])),
        "ecosystem": base_model.ecosystem if base_model else "",
    }
    changes, there = new_files(scene.root, render("engine-test", test))
    return Outcome(tuple(changes), tuple(there))


def _accepted_requests(answers: EngineAnswers, sketch: Sketch, platform: Platform) -> list[dict[str, Any]]:
    """One request for each workflow key; the contract takes what the engine builds from it."""
    form = platform.engines[answers.key].form
    requests = [example_request(form, platform, workflow) for workflow in sketch.workflows]
    for request in (*requests, {**requests[0], **sketch.settings}):
        fields = {name: value for name, value in request.items() if name != "workflow"}
        engine_steps(platform, answers.key, request["workflow"], answers.engine_options, fields)
    return requests


def _notes(answers: EngineAnswers, base_model: BaseModelAnswers | None, leaf: Leaf) -> Iterator[str]:
    more = [one.name.split("--", 1)[-1] for one in others(load_contract(), leaf)]
    if more:
        chosen = ", ".join(f"{name}={value}" for name, value in leaf.discriminators.items() if name != ENGINE)
        yield f"It is for {chosen}; the contract has more inputs, chosen with --set: {', '.join(more)}."
    if base_model is None:
        yield f"No ecosystem uses it yet: civgen add-base-model NAME --ecosystem KEY --engine {answers.key} …"
    yield f"No price is known: say the published one in a method `price` of {module_name(answers.key)}.py."
