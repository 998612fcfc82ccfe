"""What one run of the command line knows: the common options, and what they open."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from civgen.catalog import Catalog
    from civgen.errors import Where
    from civgen.jobs.platform import Platform
    from civgen.settings import Environment
    from civgen.workspace import Workspace


@dataclass
class State:
    """The common options, and the parts of the house they lead to; each is opened when asked for."""

    json: bool = False
    env: str | None = None
    workspace_path: Path | None = None
    #: The document of a run under `--json`; printed once, when the run has ended.
    document: Any = None
    #: Fields of the request that come from a preset or from memory, and their places.
    said_in: dict[str, Where] = field(default_factory=dict)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, or the lack of one."""
        from civgen.workspace import open_workspace

        found = open_workspace(self.workspace_path)
        if found.root and (found.root / ".civgen" / "adding.json").exists():
            from civgen.scaffold.writing import recover

            recover(found.root)  # what a killed `civgen add-…` left half done
        return found

    @cached_property
    def environment(self) -> Environment:
        """The environment that `--env` names, else the workspace's default."""
        return self.workspace.environment(self.env)

    @cached_property
    def catalog(self) -> Catalog:
        """The catalogue with the workspace's files over it."""
        from civgen.catalog import Catalog

        return Catalog(self.workspace.root)

    def platform(self, tier: str | None = None, features: list[str] | None = None) -> Platform:
        """The platform for requests of a tier (by default the environment's), with feature switches."""
        from civgen.engines.registry import Engines
        from civgen.jobs.media.finding import MediaReader
        from civgen.jobs.platform import Platform
        from civgen.orchestrator.addresses import is_loopback

        is_here = self.environment.is_sandbox or is_loopback(
            urlsplit(self.environment.orchestrator).hostname or ""
        )
        media = MediaReader(files=True, network=True, private=is_here)
        platform = Platform(
            self.catalog,
            Engines(self.workspace.engines),
            tier=tier or self.environment.tier,
            features=frozenset(features or ()),
            find_records=self._find_records,
            find_trainings=self._find_trainings,
            media=media,
        )
        if features:
            from civgen.jobs.features import refuse_unknown_features

            refuse_unknown_features(features, platform)
        return platform

    def _find_records(self, ids: Any) -> Any:
        if self.workspace.root is None:
            return {}
        from civgen.db.resources import find_versions

        return find_versions(self.environment, self.workspace.root, ids)

    def _find_trainings(self, ids: Any) -> Any:
        if self.workspace.root is None:
            return {}
        from civgen.db.resource import find_trainings

        return find_trainings(self.environment, self.workspace.root, ids)


_STATE: ContextVar[State] = ContextVar("civgen_state")


def new_state(*, json: bool) -> State:
    """Begin a run."""
    fresh = State(json=json)
    _STATE.set(fresh)
    return fresh


def state() -> State:
    """The state of this run."""
    return _STATE.get()
