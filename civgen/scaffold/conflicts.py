"""How answers disagree with what exists: names that nothing has, what is taken, what is said otherwise."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem, Version
from civgen.catalog.shelf import key_of
from civgen.errors import NEAR, InvalidInput, NotFound, Problem, closest
from civgen.scaffold.answers import BaseModelAnswers, flag
from civgen.scaffold.likeness import likeness
from civgen.scaffold.scene import Scene


def disagreements(
    answers: BaseModelAnswers, scene: Scene
) -> tuple[list[Problem], BaseModelAnswers, Entry[Ecosystem] | None]:
    """How answers do not fit what exists.

    Returns:
        Every problem; the answers with names as they are spelt there; and the ecosystem where they go.
    """
    problems, names = _names(answers, scene)
    home = _home(answers, scene)
    spelt = answers.model_copy(update=names | ({"ecosystem": home.record.key} if home else {}))
    problems += _taken(spelt, scene, home)
    problems += [*_contradictions(spelt, scene, home), *_same_label(spelt, scene, home)] if home else ()
    return problems, spelt, home


def refusal(problems: list[Problem]) -> InvalidInput:
    """One error for all problems of an addition."""
    first = problems[0]
    lead = f"{first.field} {first.message}"
    message = f"{lead}." if len(problems) == 1 else f"{len(problems)} problems; the first: {lead}."
    return InvalidInput(
        f"{message} Nothing was written.", hint=first.hint, where=first.where, details=problems
    )


@contextmanager
def called(names: Mapping[str, str]) -> Iterator[None]:
    """Call answers of a base model in what is wrong with them as another command calls them.

    Args:
        names: each flag that has another name there, with that.
    """
    try:
        yield
    except InvalidInput as error:
        if any(problem.field in names for problem in error.details):
            raise refusal([_called(problem, names) for problem in error.details]) from None
        raise


def _called(problem: Problem, names: Mapping[str, str]) -> Problem:
    name = names.get(problem.field, problem.field)
    hint = problem.hint and problem.hint.replace(f"leave {problem.field} out", f"leave {name} out")
    return replace(problem, field=name, hint=hint)


def _names(answers: BaseModelAnswers, scene: Scene) -> tuple[list[Problem], dict[str, Any]]:
    """What the answers name: how it is spelt where it is declared, and names that nothing has."""
    catalog, engines = scene.catalog, scene.engines
    shelves: dict[str, Mapping[str, Any]] = {
        "license": catalog.licenses,
        "family": catalog.families,
        "parent": catalog.ecosystems,
        "like": catalog.ecosystems,
        "engine": engines,
    }
    problems: list[Problem] = []

    def spelt(name: str, word: str, shelf: Mapping[str, Any]) -> str:
        try:
            found = shelf[word]
            return key_of(found.record if isinstance(found, Entry) else found)
        except NotFound as error:
            hint = _license_hint(word, shelf) if name == "license" else error.hint
            problems.append(Problem(flag(name), error.message.rstrip("."), given=word, hint=hint))
            return word

    names: dict[str, Any] = {
        name: spelt(name, word, shelf)
        for name, shelf in shelves.items()
        if (word := getattr(answers, name)) is not None
    }
    names["workflows"] = [spelt("workflows", word, catalog.workflows) for word in answers.workflows]
    return problems, names


def _license_hint(word: str, known: Iterable[str]) -> str:
    """What to do about an unknown licence. Their names are alike, so only a near one may be meant."""
    meant = closest(word, known, cutoff=NEAR)
    guess = f"Did you mean {meant}? " if meant else ""
    return (
        f"{guess}`civgen list licenses` shows all; `{shlex.join(['civgen', 'add-license', word])}` adds it."
    )


def _home(answers: BaseModelAnswers, scene: Scene) -> Entry[Ecosystem] | None:
    try:
        return scene.catalog.ecosystems[answers.ecosystem]
    except NotFound:
        return None


def _taken(answers: BaseModelAnswers, scene: Scene, home: Entry[Ecosystem] | None) -> Iterator[Problem]:
    """What another ecosystem or base model has already."""
    is_new = not any(
        base.name == answers.name for one in scene.catalog.ecosystems.records for base in one.base_models
    )
    for entry in scene.catalog.ecosystems.values():
        is_home = home is not None and entry.record.key == home.record.key
        yield from _taken_names(answers, entry, is_home=is_home, is_new=is_new)
        if home is None:
            yield from _taken_identity(answers, entry)


def _taken_names(
    answers: BaseModelAnswers, entry: Entry[Ecosystem], *, is_home: bool, is_new: bool
) -> Iterator[Problem]:
    key = entry.record.key
    for number, base in enumerate(entry.record.base_models):
        same_name = base.name.casefold() == answers.name.casefold()
        if is_new and not same_name and not answers.distinct and likeness(answers.name, [base.name]):
            hint = f"Say {base.name!r} if that is meant; if not, pass --distinct."
            where = entry.where("base_models", number, "name")
            yield Problem("NAME", f"is almost {base.name}, of {key}", answers.name, hint=hint, where=where)
        if same_name and not (is_home and base.name == answers.name):
            where = entry.where("base_models", number, "name")
            yield Problem("NAME", f"is a base model of {key}: {base.name}", answers.name, where=where)
        if base.id == answers.id and not (same_name and is_home):
            where = entry.where("base_models", number, "id")
            yield Problem("--id", f"is the id of the base model {base.name}", answers.id, where=where)
    for number, version in enumerate(entry.record.versions):
        if version.id == answers.checkpoint and not is_home:
            where = entry.where("versions", number, "id")
            yield Problem("--checkpoint", f"is a model version of {key}", answers.checkpoint, where=where)


def _taken_identity(answers: BaseModelAnswers, entry: Entry[Ecosystem]) -> Iterator[Problem]:
    """What a new ecosystem must not share with another."""
    other = entry.record
    title = answers.ecosystem_name or answers.name
    if other.id == answers.ecosystem_id:
        message = f"is the id of the ecosystem {other.key}"
        yield Problem("--ecosystem-id", message, answers.ecosystem_id, where=entry.where("id"))
    if other.name.casefold() == title.casefold():
        hint = f"Pass --ecosystem {other.key} if that is meant."
        yield Problem(
            "NAME",
            f"is the name of the ecosystem {other.key}",
            title,
            hint=hint,
            where=entry.where("name"),
        )
    segment = other.air or other.key.lower()
    if answers.parent == other.key and answers.air:
        message = f"is always that of the root, so {other.key} says it"
        yield Problem("--air", message, answers.air, hint="Leave it out.", where=entry.where("air"))
    if not answers.parent and not other.parent and segment == air_of(answers):
        hint = f"Pass --parent {other.key} if their add-ons have the same AIRs, else another --air."
        yield Problem(
            "--air", f"is that of the ecosystem {other.key}", segment, hint=hint, where=entry.where("air")
        )


def air_of(answers: BaseModelAnswers) -> str:
    """The ecosystem segment of the AIRs of a new ecosystem."""
    return answers.air or answers.ecosystem.lower().replace(".", "-")


def _contradictions(answers: BaseModelAnswers, scene: Scene, home: Entry[Ecosystem]) -> Iterator[Problem]:
    """Answers that differ from what the ecosystem, its base model or its version says already."""
    said = scene.catalog.ecosystem(home.record.key)
    facts = {name: getattr(said, name) for name in ("family", "parent", "air", "description")}
    facts |= {"ecosystem_id": said.id} | ({"engine": said.engine} if said.engine else {})
    for name, there in facts.items():
        yield from _differs(answers, name, there, home, "id" if name == "ecosystem_id" else name)
    for number, base in enumerate(home.record.base_models):
        if base.name == answers.name:
            for name in ("license", "media", "id"):
                yield from _differs(answers, name, getattr(base, name), home, "base_models", number, name)
    for number, version in enumerate(home.record.versions):
        if answers.default and isinstance(version.default, list):
            hint = "Say which workflow keys start with which version there, by hand."
            where = home.where("versions", number, "default")
            yield Problem("--default", "is said for each workflow key by itself", hint=hint, where=where)
        if version.id == answers.checkpoint:
            base_model = scene.catalog.base_model_of(version, said)
            yield from _differs(answers, "name", base_model, home, "versions", number, "base_model")
            for name, there in _of_version(version, said, answers).items():
                yield from _differs(answers, name, there, home, "versions", number, *_keys(name))


def _same_label(answers: BaseModelAnswers, scene: Scene, home: Entry[Ecosystem]) -> Iterator[Problem]:
    """A label that another version has, which a form would offer beside it."""
    offered = scene.catalog.ecosystem(home.record.key).workflows
    serves, label = answers.workflows or offered, label_of(answers)
    if any(version.id == answers.checkpoint for version in home.record.versions):
        return
    for number, version in enumerate(home.record.versions):
        if version.label == label and set(serves) & set(version.served(offered)):
            message = f"is that of version {version.id}, and a form would show both"
            where = home.where("versions", number, "label")
            yield Problem("--label", message, label, hint="Pass --label with another.", where=where)


def label_of(answers: BaseModelAnswers) -> str:
    """What people call the version: the base model's name, unless it is said."""
    return answers.label or answers.name


def _of_version(version: Version, ecosystem: Ecosystem, answers: BaseModelAnswers) -> dict[str, Any]:
    # An option may be said once, by the ecosystem, for all of its versions.
    of_all = {name: said for name, said in ecosystem.engine_options.items() if name in answers.engine_options}
    return {
        "model_id": version.model_id,
        "label": version.label,
        "coverage": version.coverage,
        "workflows": version.served(ecosystem.workflows),
        "engine_options": {**of_all, **version.engine},
    }


def _keys(answer: str) -> tuple[str, ...]:
    return ("engine",) if answer == "engine_options" else (answer,)


def _differs(
    answers: BaseModelAnswers, name: str, there: Any, home: Entry[Ecosystem], *key: str | int
) -> Iterator[Problem]:
    given = getattr(answers, name)
    if given in (None, [], {}) or given == there:
        return
    key_there = home.record.key
    message = f"differs from what {key_there} says, {there!r}" if there else f"is left open by {key_there}"
    hint = f"Change it there by hand, or leave {flag(name)} out."
    yield Problem(flag(name), message, given, hint=hint, where=home.where(*key))
