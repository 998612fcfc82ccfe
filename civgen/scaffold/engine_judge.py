"""Whether an engine can be made, and what the contract says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from civgen.engines.registry import module_name
from civgen.errors import CivgenError, InvalidInput, Problem, Where, did_you_mean, display_path
from civgen.orchestrator.contract import Leaf, load_contract
from civgen.scaffold.answers import BaseModelAnswers, EngineAnswers
from civgen.scaffold.conflicts import disagreements, refusal
from civgen.scaffold.leaves import choose_leaves, siblings, step_types
from civgen.scaffold.operations import Operation, assigned, in_order, suggested
from civgen.scaffold.scene import Scene
from civgen.scaffold.sketch import Sketch, sketch_engine

#: The step type that makes a medium.
STEPS = {"image": "imageGen", "video": "videoGen"}


def with_media(answers: EngineAnswers) -> EngineAnswers:
    """The answers with what the engine makes, where they leave it to the contract.

    Raises:
        InvalidInput: the contract has engines of that name for several media, or none.
    """
    if answers.media:
        return answers
    if answers.step and answers.step not in STEPS.values():
        otherwise = "What other steps do is a tool, such as an upscaler: see `civgen list workflows`."
        hint = did_you_mean(answers.step, STEPS.values(), otherwise)
        message = f"must be a step type with engines for images or videos: {' or '.join(STEPS.values())}"
        raise refusal([Problem("--step", message, answers.step, [*STEPS.values()], hint)])
    known, wire = step_types(load_contract()), answers.wire or answers.key
    steps = {media: step for media, step in STEPS.items() if answers.step in (None, step)}
    fitting = [media for media, step in steps.items() if wire in known.get(step, ())]
    if len(fitting) == 1:
        return answers.model_copy(update={"media": fitting[0]})
    if fitting:
        message = f"must say which {wire} is meant: the contract has one for each"
        raise refusal([Problem("--media", message, allowed=fitting, hint="Pass --media or --step.")])
    every = list(dict.fromkeys(name for step in steps.values() for name in known.get(step, ())))
    raise refusal([no_engine(answers.wire, answers.key, every)])


def no_engine(wire: str | None, key: str, known: Sequence[str]) -> Problem:
    """The contract has no engine that is called so; without `wire`, called like its key."""
    hint = did_you_mean(wire or key, known, "Pass --wire NAME: `civgen contract list` shows them all.")
    if wire is None:
        message = f"must say what the contract calls it, which has no engine {key}"
        return Problem("--wire", message, allowed=list(known), hint=hint)
    return Problem("--wire", "is no engine that the contract knows", wire, list(known), hint)


def judged_engine(answers: EngineAnswers, base_model: BaseModelAnswers | None, scene: Scene) -> Sketch:
    """What the contract says of the engine, once nothing speaks against it.

    Raises:
        InvalidInput: with every problem.
    """
    problems = list(_refused(answers, scene))
    leaves: list[Leaf] = []
    try:
        step, wire = answers.step or STEPS[answers.makes], answers.wire or answers.key
        known = step_types(load_contract())
        if step in known and wire not in known[step]:
            problems.append(no_engine(answers.wire, answers.key, known[step]))
        else:
            leaves = choose_leaves(load_contract(), step, wire, answers.choices)
    except InvalidInput as error:
        problems += error.details
    if base_model:
        problems += disagreements(base_model, scene)[0]
    if problems:
        raise refusal(problems)
    sketch = _sketch(leaves, answers, scene)
    if unsaid := [name for name in sketch.options if name not in answers.engine_options]:
        raise refusal([_unsaid(name, sketch.leaf) for name in unsaid])
    return sketch


def _sketch(leaves: Sequence[Leaf], answers: EngineAnswers, scene: Scene) -> Sketch:
    catalog = scene.catalog
    found = suggested(leaves, siblings(load_contract(), leaves[0]), answers.makes, catalog)
    if answers.workflows:
        known, found = found, assigned(found, answers.workflows, catalog)
        served = {key for one in found for key in one.workflows}
        if unserved := [key for key in answers.workflows if _carried_out_as(key, scene) not in served]:
            raise refusal([_unserved(key, known, scene) for key in unserved])
    return sketch_engine(found, answers.makes, catalog)


def _carried_out_as(key: str, scene: Scene) -> str:
    record = scene.catalog.workflows[key].record
    return record.becomes or record.key


def _unserved(key: str, known: Sequence[Operation], scene: Scene) -> Problem:
    medium = scene.catalog.workflows[key].record.source
    start = f"takes a source {medium}" if medium else "starts from text alone"
    allowed = list(dict.fromkeys(key for one in in_order(known, scene.catalog) for key in one.workflows))
    return Problem("--workflow", f"is not possible: none of its inputs {start}", key, allowed)


def _refused(answers: EngineAnswers, scene: Scene) -> Iterator[Problem]:
    engines, module = scene.engines, module_name(answers.key)
    place = scene.copy / "engines" / answers.makes / f"{module}.py"
    if answers.key in engines and (path := engines.file(answers.key)) != place:
        shown = scene.root / path.relative_to(scene.copy) if path.is_relative_to(scene.copy) else path
        hint = "Call it otherwise; --wire names the contract's engine, and may stay."
        yield Problem("KEY", "is an engine already", answers.key, hint=hint, where=Where(display_path(shown)))
    if answers.step not in (None, STEPS[answers.makes]):
        yield Problem("--step", f"does not make {answers.makes}", answers.step, [STEPS[answers.makes]])
    for key in answers.workflows:
        try:
            output = scene.catalog.workflows[key].record.output
        except CivgenError as error:
            yield Problem("--workflow", error.message.rstrip("."), key, hint=error.hint)
            continue
        if output != answers.makes:
            yield Problem("--workflow", f"makes {output}, and the engine {answers.makes}", key)


def _unsaid(name: str, leaf: Leaf) -> Problem:
    schema = leaf.schema["properties"].get(name, {})
    allowed = schema.get("enum") or ("an AIR" if "urn:" in schema.get("pattern", "") else None)
    hint = f"Pass --engine-option {name}=…; the version says it to the engine."
    return Problem("--engine-option", f"must say {name}, which the contract requires", None, allowed, hint)
