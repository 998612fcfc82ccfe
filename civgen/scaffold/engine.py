"""Add an engine: a module made from the orchestrator's contract, its test, and an ecosystem that uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from civgen.engines.registry import module_name
from civgen.orchestrator.contract import load_contract
from civgen.scaffold.answers import BaseModelAnswers, EngineAnswers
from civgen.scaffold.base_model import into_ecosystem
from civgen.scaffold.changes import new_files
from civgen.scaffold.conflicts import disagreements
from civgen.scaffold.engine_judge import judged_engine, with_media
from civgen.scaffold.engine_text import module_answers
from civgen.scaffold.engine_trial import Trial, answers_of_test, tried
from civgen.scaffold.judge import judged
from civgen.scaffold.leaves import others
from civgen.scaffold.outcome import Outcome
from civgen.scaffold.render import render
from civgen.scaffold.scene import Scene, scene_of
from civgen.scaffold.sketch import Sketch


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
    answers = with_media(answers)
    with scene_of(root) as scene:
        sketch = judged_engine(answers, base_model, scene)
        outcome = _created(scene, "engine", module_answers(answers, sketch))
        if base_model:
            addition = judged(_used_by(base_model, answers, sketch, scene), scene)
            outcome += into_ecosystem(addition, scene)
        else:
            outcome += Outcome(next=("civgen lint",))
        trial = tried(answers, sketch, scene.platform())
        ecosystem = base_model.ecosystem if base_model else ""
        outcome += _created(scene, "engine-test", answers_of_test(answers, ecosystem, sketch, trial))
        outcome += Outcome(notes=tuple(_notes(answers, base_model, sketch, trial)))
    subject = {"command": "add-engine", "key": answers.key}
    return outcome.carried_out(root, subject, dry_run=dry_run)


def _created(scene: Scene, template: str, answers: Mapping[str, Any]) -> Outcome:
    """The file of a template, as tried out in the scene's copy."""
    changes, there = new_files(scene.root, render(template, answers))
    scene.try_out(changes)
    return Outcome(tuple(changes), tuple(there))


def _used_by(
    base_model: BaseModelAnswers, answers: EngineAnswers, sketch: Sketch, scene: Scene
) -> BaseModelAnswers:
    """The answers for the ecosystem: what follows from the engine, unless it says so itself already."""
    home = disagreements(base_model, scene)[2]
    says_how = home is not None and scene.catalog.ecosystem(home.record.key).engine is not None
    words: dict[str, Any] = {"engine": answers.key, "media": answers.makes}
    words |= {
        "engine_options": answers.engine_options,
        "workflows": [] if says_how else list(sketch.workflows),
    }
    return base_model.model_copy(update=words)


def _notes(
    answers: EngineAnswers, base_model: BaseModelAnswers | None, sketch: Sketch, trial: Trial
) -> Iterator[str]:
    if sketch.dropped:
        yield f"No field gives what it starts from, so it is not built: {', '.join(sketch.dropped)}."
    for name, values in _more(sketch).items():
        yield (
            f"The contract has more of them, each an engine of its own: --set {name}={'|'.join(values)}. "
            "`civgen contract list` says which are built already."
        )
    if base_model is None:
        yield f"No ecosystem uses it yet: civgen add-base-model NAME --ecosystem KEY --engine {answers.key} …"
    if not trial.has_price:
        module = f"{module_name(answers.key)}.py"
        yield f"No price is known: say the published one in a method `price` of {module}."


def _more(sketch: Sketch) -> dict[str, list[str]]:
    """What else the contract has of the same engine: the first choice in which it differs, and its values."""
    built = [one.leaf for one in sketch.choosing.operations]
    found: dict[str, list[str]] = {}
    for other in others(load_contract(), built):
        for name, value in other.discriminators.items():
            if value != sketch.leaf.discriminators.get(name):
                if value not in (*found.get(name, ()), *sketch.dropped):
                    found.setdefault(name, []).append(value)
                break
    return found
