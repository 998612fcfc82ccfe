"""Add an ecosystem, a root or a child: a family of weights whose resources fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from civgen.catalog import Catalog
from civgen.errors import NotFound, Problem
from civgen.scaffold.answers import BaseModelAnswers, EcosystemAnswers
from civgen.scaffold.base_model import add_as
from civgen.scaffold.conflicts import called, refusal
from civgen.scaffold.likeness import likeness
from civgen.scaffold.outcome import Outcome

#: What the command line calls answers of a base model where an ecosystem is added.
_CALLED = {"--id": "--base-model-id", "--ecosystem-id": "--id", "--ecosystem": "KEY"}


def add_ecosystem(root: Path, answers: EcosystemAnswers, *, dry_run: bool = False) -> Outcome:
    """Add an ecosystem with its first base model and version.

    Args:
        root: the workspace.
        dry_run: find out what would be written, and write nothing.

    Raises:
        InvalidInput: it is there already, or needs no ecosystem of its own; the answers disagree with
            what exists, or nothing could be generated from them.
        Refused: a file is in the way.
    """
    problems = list(_refused(answers, Catalog(root)))
    if problems:
        raise refusal(problems)
    subject = {"command": "add-ecosystem", "key": answers.key}
    with called(_CALLED):
        return add_as(subject, root, as_base_model(answers), dry_run=dry_run)


def as_base_model(answers: EcosystemAnswers) -> BaseModelAnswers:
    """The same as answers for its base model."""
    said = answers.model_dump(
        exclude={"key", "name", "id", "base_model", "base_model_id", "shares_loras_with"}
    )
    title = answers.name or answers.key
    said |= {"name": answers.base_model or title, "ecosystem_name": title, "ecosystem": answers.key}
    return BaseModelAnswers(**said, ecosystem_id=answers.id, id=answers.base_model_id)


def _refused(answers: EcosystemAnswers, catalog: Catalog) -> Iterator[Problem]:
    home = answers.shares_loras_with
    if home is not None:
        try:
            key = catalog.ecosystems[home].record.key
        except NotFound as error:
            yield Problem("--shares-loras-with", error.message.rstrip("."), home, hint=error.hint)
        else:
            name = answers.base_model or answers.name or answers.key
            hint = f"Run `civgen add-base-model '{name}' --ecosystem {key}` instead."
            message = f"means that it is a base model of {key}: weights that share LoRAs are one ecosystem"
            yield Problem("--shares-loras-with", message, home, hint=hint)
    if answers.key in catalog.ecosystems:
        entry = catalog.ecosystems[answers.key]
        names = [base.name for base in entry.record.base_models]
        if (answers.base_model or answers.name or answers.key) not in names:
            hint = f"`civgen add-base-model NAME --ecosystem {entry.record.key}` adds a base model to it."
            yield Problem("KEY", "is an ecosystem already", answers.key, hint=hint, where=entry.where("key"))
    elif not answers.distinct:
        yield from similar(answers.key, answers.name or answers.key, catalog, "KEY")


def similar(key: str, name: str, catalog: Catalog, field: str) -> Iterator[Problem]:
    """An ecosystem that a new one may be by another name: what decides is whether their LoRAs fit."""
    for entry in catalog.ecosystems.values():
        record = entry.record
        for word in dict.fromkeys((key, name)):
            if other := likeness(word, (record.key, record.name, *record.aliases)):
                hint = (
                    f"Would a LoRA of {record.key} work on every model of it, and the other way round? Then "
                    f"it is a base model: --ecosystem {record.key}. If not, pass --distinct."
                )
                message = f"is almost {other}, of the ecosystem {record.key}"
                yield Problem(field, message, word, hint=hint, where=entry.where("key"))
                break
