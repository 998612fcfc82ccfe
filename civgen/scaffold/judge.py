"""Whether an addition can be made, and what follows from it and from everything that exists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem
from civgen.errors import InvalidInput, Problem
from civgen.scaffold.answers import BaseModelAnswers
from civgen.scaffold.conflicts import disagreements, refusal
from civgen.scaffold.probe import names_checkpoint
from civgen.scaffold.scene import Scene

#: The engine for open weights: what an ecosystem of images generates with unless told otherwise.
OPEN_WEIGHTS = "text-to-image"


@dataclass(frozen=True)
class Addition:
    """Answers that agree with what exists.

    Attributes:
        answers: with every name spelt as it is written where it is declared.
        home: the ecosystem where it goes, if there is one already.
        engine: key of the engine, if anything says one.
        media: what it makes.
        workflows: the workflow keys that the model version serves.
        names_checkpoint: whether payloads carry the checkpoint's AIR.
    """

    answers: BaseModelAnswers
    home: Entry[Ecosystem] | None
    engine: str | None
    media: str
    workflows: tuple[str, ...]
    names_checkpoint: bool

    @property
    def has_base_model(self) -> bool:
        """Whether the base model is there already."""
        names = [base.name for base in self.home.record.base_models] if self.home else []
        return self.answers.name in names

    @property
    def has_version(self) -> bool:
        """Whether the model version is there already."""
        numbers = [version.id for version in self.home.record.versions] if self.home else []
        return self.answers.checkpoint in numbers


def judged(answers: BaseModelAnswers, scene: Scene) -> Addition:
    """Judge answers by what exists.

    Raises:
        InvalidInput: with every problem; those of what exists already name its file and line.
    """
    problems, spelt, home = disagreements(answers, scene)
    if problems:
        raise refusal(problems)
    addition = _completed(spelt, scene, home)
    if problems := list(_generation(addition, scene)):
        raise refusal(problems)
    return _with_checkpoint(addition, scene) if addition.engine else addition


def _completed(answers: BaseModelAnswers, scene: Scene, home: Entry[Ecosystem] | None) -> Addition:
    """The answers with what follows from them and from what exists."""
    catalog = scene.catalog
    above = home.record.key if home else answers.parent
    said = catalog.ecosystem(above) if above and above in catalog.ecosystems else None
    engine = answers.engine or (said.engine if said else None)
    if engine is None and home is None and answers.media != "video":
        engine = OPEN_WEIGHTS
    maker = scene.engines.get(engine) if engine else None
    media = answers.media or (maker.media if maker else "image")
    inherited = said.workflows if said else []
    plain = [one.key for one in catalog.workflows.records if one.output == media and one.source is None]
    workflows = answers.workflows or inherited or [one for one in plain if ":" not in one][:1]
    return Addition(answers, home, engine, media, tuple(workflows), False)


def _generation(addition: Addition, scene: Scene) -> Iterator[Problem]:
    """Whether engine, media and workflow keys go together."""
    answers, engines = addition.answers, scene.engines
    if addition.engine is None:
        if addition.home is None:
            fitting = sorted(key for key, one in engines.items() if one.media == addition.media)
            hint = f"Pass --engine: one of {', '.join(fitting)}; or write one with `civgen add-engine`."
            yield Problem("--engine", f"is required for {addition.media}", allowed=fitting, hint=hint)
        return
    made = engines[addition.engine].media
    if made != addition.media:
        yield Problem(
            "--media", f"differs from what the engine {addition.engine} makes, {made}", addition.media
        )
    for key in addition.workflows:
        output = scene.catalog.workflows[key].record.output
        if output != made:
            yield Problem("--workflow", f"makes {output}, and the engine {addition.engine} {made}", key)
    if addition.home is not None and answers.workflows:
        offered = scene.catalog.ecosystem(addition.home.record.key).workflows
        for key in answers.workflows:
            if offered and key not in offered:
                yield Problem("--workflow", f"is nothing that {addition.home.record.key} does", key, offered)


def _with_checkpoint(addition: Addition, scene: Scene) -> Addition:
    """Find out whether payloads name the checkpoint, and refuse what they could not name."""
    answers, engine = addition.answers, addition.engine
    assert engine is not None
    above = addition.home.record.key if addition.home else answers.parent
    options = {**(scene.catalog.ecosystem(above).engine_options if above else {}), **_options(addition)}
    try:
        platform, workflow = scene.platform(), addition.workflows[0]
        named = names_checkpoint(platform, answers.ecosystem, engine, workflow, options)
    except InvalidInput as error:
        hint = "What the version says to the engine is passed with --engine-option NAME=VALUE."
        message = f"must say what the engine {engine} needs: {error.message.rstrip('.')}"
        said = _said_by_others(addition)
        given = answers.engine_options or None
        raise refusal([Problem("--engine-option", message, given, allowed=said or None, hint=hint)]) from None
    if named and answers.model_id is None and not addition.has_version:
        message = f"is required: the engine {engine} names the checkpoint by its AIR, which needs it"
        hint = "It is the number in the address of the model's page, /models/<number>."
        raise refusal([Problem("--model-id", message, hint=hint)])
    return replace(addition, names_checkpoint=named)


def _said_by_others(addition: Addition) -> list[str]:
    """What the versions that the ecosystem has say to the engine, as the option would be written."""
    versions = addition.home.record.versions if addition.home else []
    return [f"{name}={json.dumps(value)}" for one in versions for name, value in one.engine.items()]


def _options(addition: Addition) -> Mapping[str, Any]:
    """What the version says to the engine: the answers, or what it says already."""
    if addition.home is not None:
        for version in addition.home.record.versions:
            if version.id == addition.answers.checkpoint:
                return version.engine
    return addition.answers.engine_options
