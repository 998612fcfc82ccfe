"""What one run of the command line knows: the common options, and what they open."""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from civgen.api import Workspace as Api
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
    #: The words of the command line, and commands that lead on from there.
    words: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    #: Fields of the request that come from a preset or from memory, and their places.
    said_in: dict[str, Where] = field(default_factory=dict)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, or the lack of one."""
        from civgen.workspace import open_workspace

        found = open_workspace(self.workspace_path)
        if found.root and (found.root / ".civgen" / "adding.json").exists():
            from civgen.errors import Refused
            from civgen.scaffold.writing import recover

            with suppress(Refused):  # somebody is at it right now
                recover(found.root)  # what a killed `civgen add-…` left half done
        return found

    @cached_property
    def api(self) -> Api:
        """The workspace in the environment that `--env` names, else in its default one."""
        from civgen.api import Workspace as Api

        return Api(self.workspace, self.env)

    @property
    def environment(self) -> Environment:
        """The environment that `--env` names, else the workspace's default."""
        return self.api.environment

    @cached_property
    def catalog(self) -> Catalog:
        """The catalogue with the workspace's files over it, as they were when the run began."""
        return self.api.catalog

    def platform(self, tier: str | None = None, features: list[str] | None = None) -> Platform:
        """The platform for requests of a tier (by default the environment's), with feature switches."""
        return self.api.platform(tier, features or ())


_STATE: ContextVar[State] = ContextVar("civgen_state")


def new_state(words: list[str]) -> State:
    """Begin a run of these words."""
    fresh = State(json="--json" in words, words=words)
    _STATE.set(fresh)
    return fresh


def state() -> State:
    """The state of this run."""
    return _STATE.get()
