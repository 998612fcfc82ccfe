"""Add a version to an ecosystem: the commonest change on the platform, one table in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from civgen.catalog import Catalog
from civgen.catalog.names import ecosystem_named
from civgen.errors import InvalidInput
from civgen.scaffold.answers import BaseModelAnswers, answers_of
from civgen.scaffold.base_model import add_as
from civgen.scaffold.conflicts import called
from civgen.scaffold.outcome import Outcome

#: What the command line calls answers of a base model where a version is added.
_CALLED = {"NAME": "--base-model", "--checkpoint": "--id"}


def add_version(root: Path, ecosystem: str, given: dict[str, Any], *, dry_run: bool = False) -> Outcome:
    """Add a model version to an ecosystem that there is.

    Args:
        root: the workspace.
        ecosystem: its key, name or alias, or one of its base models.
        given: the answers of a base model's version, and `base_model` where it is not the first.
        dry_run: find out what would be written, and write nothing.

    Raises:
        NotFound: there is no such ecosystem, or it has no such base model.
        InvalidInput: the answers disagree with what exists, or nothing could be generated from them.
    """
    home = _home(Catalog(root), ecosystem, given.pop("base_model", None), given["checkpoint"])
    answers = answers_of(BaseModelAnswers, {**given, **home})
    subject = {"command": "add-version", "ecosystem": answers.ecosystem, "id": answers.checkpoint}
    with called(_CALLED):
        return add_as(subject, root, answers, dry_run=dry_run)


def _home(catalog: Catalog, name: str, base_model: str | None, version: int) -> dict[str, str]:
    """The ecosystem and base model that a version goes to, or is of already, as answers."""
    ecosystem = ecosystem_named(catalog, name)
    there = next((one for one in ecosystem.versions if one.id == version), None)
    if base_model is None and there is not None:
        base_model = catalog.base_model_of(there, ecosystem)
    if base_model is None and not ecosystem.base_models:
        hint = f"Add one with `civgen add-base-model NAME --ecosystem {ecosystem.key}`."
        raise InvalidInput(f"{ecosystem.key} has no base model that a version could be of.", hint=hint)
    base, home = catalog.base_model(base_model or ecosystem.base_models[0].name)
    if home.key != ecosystem.key:
        raise InvalidInput(f"The base model {base.name} belongs to {home.key}, not to {ecosystem.key}.")
    if base.license is None:
        raise InvalidInput(f"The base model {base.name} has no licence, so nothing of it can generate.")
    return {"ecosystem": ecosystem.key, "name": base.name, "license": base.license}
