"""Whether the resources of a request may generate, as far as the workspace's database knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from civgen.engines.base import Resource, Resources
from civgen.errors import NotFound, Problem
from civgen.jobs.preview import Preview
from civgen.jobs.request import invalid_request

if TYPE_CHECKING:
    from civgen.db.connect import Database
    from civgen.db.coverage import Coverage
    from civgen.orchestrator.client import Orchestrator
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
    _public: dict[str, bool | None] = field(default_factory=dict, repr=False)

    def check(self, preview: Preview) -> None:
        """Refuse a request with resources that are known not to generate.

        Raises:
            InvalidInput: with each of them, and what the nearest branch of the rule still asks for.
        """
        if problems := list(self._problems(preview)):
            raise invalid_request(problems)

    async def look_up(self, preview: Preview, client: Orchestrator) -> None:
        """Ask the orchestrator about resources that the database does not know, where the settings say so.

        Raises:
            InvalidInput: with each that does not generate, or is not there.
        """
        if not self.environment.resource_lookup:
            return
        problems = []
        for where, resource in self._unknown(preview):
            if resource.air not in self._public:
                self._public[resource.air] = await _can_generate(resource.air, client)
            if self._public[resource.air] is False:
                hint = f"The orchestrator says so of {resource.air}."
                problems.append(Problem(where, "may not generate, or is not there", resource.id, hint=hint))
        if problems:
            raise invalid_request(problems)

    def unknown(self, preview: Preview) -> list[int]:
        """The model versions of a request of which nothing is known, as far as anybody was asked."""
        return [one.id for _, one in self._unknown(preview) if not self._public.get(one.air)]

    def _unknown(self, preview: Preview) -> list[tuple[str, Resource]]:
        named = _named(preview.resolution.resources)
        return [(where, one) for where, one in named if self._coverage(one.id) is None]

    def _problems(self, preview: Preview) -> Iterator[Problem]:
        for where, resource in _named(preview.resolution.resources):
            coverage = self._coverage(resource.id)
            if coverage and not coverage.through:
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


def _named(resources: Resources) -> list[tuple[str, Resource]]:
    """Every resource with the field that names it."""
    single = [("model", resources.checkpoint), ("vae", resources.vae), ("upscaler", resources.upscaler)]
    addons = [(f"resources[{number}]", one) for number, one in enumerate(resources.addons)]
    return [(where, one) for where, one in single if one is not None] + addons


async def _can_generate(air: str, client: Orchestrator) -> bool | None:
    try:
        return (await client.resource(air)).can_generate
    except NotFound:
        return False


def _problem(where: str, version_id: int, coverage: Coverage) -> Problem:
    """What keeps a version from generating: the checks that fail in the branch that lacks least."""
    nearest = min(coverage.branches, key=lambda branch: len(branch.failing))
    lacking = "; ".join(check.asks for check in nearest.failing)
    hint = f"One way to be covered: {lacking}. `civgen coverage {version_id}` shows all of them."
    return Problem(where, "may not generate: no branch of the coverage rule holds", version_id, hint=hint)
