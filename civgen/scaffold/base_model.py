"""Add a base model: an ecosystem with its first one, or one more for an ecosystem that there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from civgen.air import model_version_air
from civgen.catalog import Catalog
from civgen.catalog.files import BUILT_IN
from civgen.engines.registry import module_name
from civgen.errors import InvalidInput
from civgen.jobs.preview import preview
from civgen.scaffold.answers import BaseModelAnswers
from civgen.scaffold.changes import new_files
from civgen.scaffold.conflicts import air_of
from civgen.scaffold.ecosystem import ecosystem_answers, ecosystem_change, ecosystem_path
from civgen.scaffold.judge import Addition, judged
from civgen.scaffold.outcome import Outcome, Subject, next_commands, row_changes
from civgen.scaffold.probe import example_request, refused_value
from civgen.scaffold.pythontext import code, constant
from civgen.scaffold.render import render
from civgen.scaffold.scene import Scene, scene_of

#: How deep an entry of a list stands in a test.
_INDENT = 4


def add_base_model(root: Path, answers: BaseModelAnswers, *, dry_run: bool = False) -> Outcome:
    """Add a base model and a model version to a workspace.

    What is there already is left as it is: the same answers again change nothing.

    Args:
        root: the workspace.
        dry_run: find out what would be written, and write nothing.

    Raises:
        InvalidInput: the answers disagree with what exists, or nothing could be generated from them.
        Refused: a file is in the way.
    """
    subject = {"name": answers.name, "ecosystem": answers.ecosystem, "checkpoint": answers.checkpoint}
    return add_as({"command": "add-base-model", **subject}, root, answers, dry_run=dry_run)


def add_as(subject: Subject, root: Path, answers: BaseModelAnswers, *, dry_run: bool) -> Outcome:
    """As `add_base_model`, recorded as another addition."""
    with scene_of(root) as scene:
        addition = judged(answers, scene)
        outcome = into_ecosystem(addition, scene)
        if addition.home is None and answers.test:
            outcome += _test(addition, scene)
    return outcome.carried_out(root, subject, dry_run=dry_run)


def into_ecosystem(addition: Addition, scene: Scene) -> Outcome:
    """Put an addition into its ecosystem's file, as tried out in the scene's copy.

    Raises:
        InvalidInput: a workflow key could not be carried out with it.
    """
    if addition.home is None:
        changes, there = new_files(scene.root, render("ecosystem", ecosystem_answers(addition, scene)))
    else:
        change = ecosystem_change(addition, scene)
        changes, there = ([change], []) if change else ([], [_home_file(addition)])
    scene.try_out(changes)
    _refuse_unfit(addition, scene)
    answers, catalog = addition.answers, scene.platform().catalog
    named = {"ecosystem": answers.ecosystem, "model": {"id": answers.checkpoint}}
    request = next(({**named, **one} for one in _requests(addition, scene)), None)
    return Outcome(
        tuple(changes),
        tuple(there),
        tuple(row_changes(scene)),
        next_commands(request and _shortened(request, addition, catalog)),
        tuple(_notes(addition, catalog)),
        request=request,
    )


def _shortened(request: Mapping[str, Any], addition: Addition, catalog: Catalog) -> dict[str, Any]:
    """A request without what goes without saying: the first workflow key, a new ecosystem's one version."""
    first = catalog.ecosystem(addition.answers.ecosystem).workflows[0]
    unsaid = {"workflow": request["workflow"] == first, "model": addition.home is None}
    return {name: value for name, value in request.items() if not unsaid.get(name)}


def _requests(addition: Addition, scene: Scene) -> list[dict[str, Any]]:
    """One request for each workflow key, as the ecosystem's form wants it."""
    if addition.engine is None:
        return []
    platform = scene.platform()
    form = platform.form(addition.answers.ecosystem, platform.engines[addition.engine])
    return [example_request(form, platform, workflow) for workflow in addition.workflows]


def _refuse_unfit(addition: Addition, scene: Scene) -> None:
    """Carry a request for each workflow key through to a body that the contract takes."""
    platform, key = scene.platform(), addition.answers.ecosystem
    for request in _requests(addition, scene):
        try:
            preview({"ecosystem": key, "model": addition.answers.checkpoint, **request}, platform)
        except InvalidInput as error:
            message = f"{key} could not do {request['workflow']}: {error.message} Nothing was written."
            raise InvalidInput(message, hint=error.hint, details=error.details) from None


def literals(requests: Sequence[Mapping[str, Any]]) -> list[str]:
    """Requests as entries of a list in Python."""
    return [code(request, _INDENT) for request in requests]


def _test(addition: Addition, scene: Scene) -> Outcome:
    """The test of a new ecosystem."""
    assert addition.engine is not None
    answers, platform = addition.answers, scene.platform()
    form = platform.form(answers.ecosystem, platform.engines[addition.engine])
    test = {
        "key": answers.ecosystem,
        "module": module_name(answers.ecosystem),
        "version_id": answers.checkpoint,
        "air": _air(addition, scene) if addition.names_checkpoint else "",
        "requests": literals(_requests(addition, scene)),
        "refused": constant("REFUSED", refused_value(form, platform, addition.workflows[0])),
    }
    changes, there = new_files(scene.root, render("ecosystem-test", test))
    return Outcome(tuple(changes), tuple(there))


def _air(addition: Addition, scene: Scene) -> str:
    answers = addition.answers
    assert answers.model_id is not None
    segment = scene.catalog.ecosystem(answers.parent).air if answers.parent else air_of(answers)
    return model_version_air(segment or "", "Checkpoint", answers.model_id, answers.checkpoint)


def _home_file(addition: Addition) -> str:
    """Where an ecosystem that there is already stands, for a reader."""
    assert addition.home is not None
    path = addition.home.files[-1].path
    place = ecosystem_path(path.stem)
    return f"built-in {place}" if path.is_relative_to(BUILT_IN) else place


def _notes(addition: Addition, catalog: Catalog) -> Iterator[str]:
    """What a person should know of an addition.

    Args:
        catalog: with the addition in it.
    """
    answers = addition.answers
    base, ecosystem = catalog.base_model(answers.name)
    ids = {} if addition.has_base_model or answers.id else {"base model": base.id}
    ids |= {} if addition.home or answers.ecosystem_id else {"ecosystem": ecosystem.id}
    if ids:
        given = ", ".join(f"{what} {number}" for what, number in ids.items())
        yield f"Next free ids: {given}. --id and --ecosystem-id choose others."
    if addition.engine is None:
        yield f"{ecosystem.key} names no engine, so it cannot generate; --engine names one."
    elif not ecosystem.support.generation:
        yield f"{ecosystem.key} supports no model type, so no row is wanted: see [support] in its file."
    if answers.model_id is None and not addition.has_version:
        yield "Without --model-id there is no AIR; this engine does without, others do not."
