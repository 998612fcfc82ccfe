"""Additions: answers in, files out. Without `write` the files are shown as a diff, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from civgen.api.workspace import Workspace
    from civgen.scaffold.outcome import Outcome


class Add:
    """What can be added to a workspace. The same again changes nothing."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def base_model(self, *, write: bool = False, **answers: Any) -> Outcome:
        """Add a base model with a version, to a new ecosystem or to one that there is.

        Args:
            answers: see `civgen.scaffold.answers.BaseModelAnswers`.

        Raises:
            InvalidInput: with every problem; nothing is written.
            Refused: a file is in the way.
        """
        from civgen.scaffold.answers import BaseModelAnswers, answers_of
        from civgen.scaffold.base_model import add_base_model

        checked = answers_of(BaseModelAnswers, answers)
        with self._alone(write) as root:
            return add_base_model(root, checked, dry_run=not write)

    def version(self, ecosystem: str, *, write: bool = False, **answers: Any) -> Outcome:
        """Add a model version to an ecosystem that there is.

        Args:
            answers: those of a base model's version: `checkpoint`, `label`, `model_id`, …; `base_model` where
                it is not the ecosystem's first.

        Raises:
            NotFound, InvalidInput, Refused: as `base_model`.
        """
        from civgen.scaffold.version import add_version

        with self._alone(write) as root:
            return add_version(root, ecosystem, answers, dry_run=not write)

    def ecosystem(self, *, write: bool = False, **answers: Any) -> Outcome:
        """Add an ecosystem, of its own or below another, with its first base model and version.

        Args:
            answers: see `civgen.scaffold.answers.EcosystemAnswers`.

        Raises:
            InvalidInput, Refused: as `base_model`.
        """
        from civgen.scaffold.answers import EcosystemAnswers, answers_of
        from civgen.scaffold.new_ecosystem import add_ecosystem

        checked = answers_of(EcosystemAnswers, answers)
        with self._alone(write) as root:
            return add_ecosystem(root, checked, dry_run=not write)

    def license(self, *, write: bool = False, **answers: Any) -> Outcome:
        """Add a licence that base models can name.

        Args:
            answers: see `civgen.scaffold.answers.LicenseAnswers`.

        Raises:
            InvalidInput, Refused: as `base_model`.
        """
        from civgen.scaffold.answers import LicenseAnswers, answers_of
        from civgen.scaffold.license import add_license

        checked = answers_of(LicenseAnswers, answers)
        with self._alone(write) as root:
            return add_license(root, checked, dry_run=not write)

    def engine(
        self, engine: dict[str, Any], used_by: dict[str, Any] | None = None, *, write: bool = False
    ) -> Outcome:
        """Add an engine made from the orchestrator's contract.

        Args:
            engine: see `civgen.scaffold.answers.EngineAnswers`.
            used_by: the ecosystem that is to use it, as for `base_model`.

        Raises:
            InvalidInput, Refused: as `base_model`.
        """
        from civgen.scaffold.answers import BaseModelAnswers, EngineAnswers, answers_of
        from civgen.scaffold.engine import add_engine

        checked = answers_of(EngineAnswers, engine)
        if used_by is not None and used_by.get("ecosystem") is None:
            _refuse_without_ecosystem(used_by)
        base_model = answers_of(BaseModelAnswers, used_by) if used_by and used_by.get("ecosystem") else None
        with self._alone(write) as root:
            return add_engine(root, checked, base_model, dry_run=not write)

    @contextmanager
    def _alone(self, write: bool) -> Iterator[Path]:
        """The workspace, while nobody else adds to it.

        Raises:
            Unavailable: somebody else has been adding for long.
        """
        from civgen.scaffold.alone import adding_alone

        root = self._workspace.home.required
        with adding_alone(root, dry_run=not write):
            yield root


def _refuse_without_ecosystem(given: dict[str, Any]) -> None:
    """Refuse what is said of an ecosystem that nobody named."""
    said = [name for name, value in given.items() if value and name != "engine_options"]
    if said:
        hint = "Name the ecosystem, or leave them out."
        problems = [Problem(one, "is about an ecosystem, and none is named", hint=hint) for one in said]
        raise InvalidInput(f"{', '.join(said)}: for which ecosystem?", hint=hint, details=problems)
