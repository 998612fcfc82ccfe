"""Whether the resources of a request may generate, as far as the workspace's database knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from civgen.errors import NotFound, Problem
from civgen.jobs.preview import Preview, invalid_request

if TYPE_CHECKING:
    from civgen.db.connect import Database
    from civgen.db.coverage import Coverage
    from civgen.settings import Environment


@dataclass
class Availability:
    """Asks the database of an environment for coverage, once a model version.

    Attributes:
        root: the workspace; without one, or without a database, nothing is known.
    """

    environment: Environment
    root: Path | None
    _known: dict[int, Coverage | None] = field(default_factory=dict, repr=False)

    def check(self, preview: Preview) -> None:
        """Refuse a request with resources that are known not to generate.

        Raises:
            InvalidInput: with each of them, and what the nearest branch of the rule still asks for.
        """
        if problems := list(self._problems(preview)):
            raise invalid_request(problems)

    def unknown(self, preview: Preview) -> list[int]:
        """The model versions of a request of which the database knows nothing."""
        return [one.id for one in preview.resolution.resources.all if self._coverage(one.id) is None]

    def _problems(self, preview: Preview) -> Iterator[Problem]:
        resources = preview.resolution.resources
        named = [("model", resources.checkpoint), ("vae", resources.vae), ("upscaler", resources.upscaler)]
        named += [(f"resources[{number}]", one) for number, one in enumerate(resources.addons)]
        for where, resource in named:
            coverage = resource and self._coverage(resource.id)
            if resource and coverage and not coverage.through:
                yield _problem(where, resource.id, coverage)

    def _coverage(self, version_id: int) -> Coverage | None:
        if version_id not in self._known:
            self._known[version_id] = self._asked(version_id)
        return self._known[version_id]

    def _asked(self, version_id: int) -> Coverage | None:
        if self._database is None:
            return None
        from civgen.db.coverage import explain_coverage

        try:
            with self._database.reading() as connection:
                return explain_coverage(connection, version_id)
        except NotFound:
            return None

    @cached_property
    def _database(self) -> Database | None:
        from civgen.db.connect import existing_database

        return existing_database(self.environment, self.root) if self.root else None


def _problem(where: str, version_id: int, coverage: Coverage) -> Problem:
    """What keeps a version from generating: the checks that fail in the branch that lacks least."""
    nearest = min(coverage.branches, key=lambda branch: len(branch.failing))
    lacking = "; ".join(check.asks for check in nearest.failing)
    hint = f"It would be covered if {lacking}. `civgen db plan` shows what the catalogue asks for."
    return Problem(where, "may not generate: no branch of the coverage rule holds", version_id, hint=hint)
