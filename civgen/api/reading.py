"""What the files of a workspace say now.

A program may keep a workspace open for days while people and agents change its files: each question is
answered from a reading of the files as they are, and they are read again only when one has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from civgen.catalog import Catalog
from civgen.catalog.files import BUILT_IN

if TYPE_CHECKING:
    from civgen.engines.registry import Engines
    from civgen.jobs.platform import Platform
    from civgen.orchestrator.contract import Contract
    from civgen.settings import Environment
    from civgen.workspace import Workspace

#: Files as they were seen: path, when each was changed, and its size.
Seen = tuple[tuple[str, int, int], ...]
#: Folders of the catalogue, which a workspace may have, too.
_SHELVES = [one.name for one in BUILT_IN.iterdir() if one.is_dir() and not one.name.startswith("_")]


class Reading:
    """Catalogue, engines and contract as they were read; nothing of it changes any more."""

    def __init__(self, home: Workspace, seen: Seen) -> None:
        self.seen = seen
        self.catalog = Catalog(home.root)
        self._home = home
        self._forms: dict[tuple[str, str], Any] = {}

    @cached_property
    def engines(self) -> Engines:
        """The engines, built in and of the workspace."""
        from civgen.engines.registry import Engines

        return Engines(self._home.engines)

    @cached_property
    def contract(self) -> Contract:
        """The schema of every step input."""
        from civgen.jobs.platform import built_in_contract

        return built_in_contract()

    def platform(
        self,
        environment: Environment,
        tier: str | None = None,
        features: Iterable[str] = (),
        *,
        files: bool = True,
        within: Path | None = None,
    ) -> Platform:
        """The platform for requests of a tier (by default the environment's), with feature switches.

        Args:
            files: whether a request may name files of this machine.
            within: the folder in which they must lie; None for anywhere.

        Raises:
            NotFound: there is no such switch, or no such tier.
        """
        from civgen.jobs.media.finding import MediaReader
        from civgen.jobs.platform import Platform
        from civgen.orchestrator.addresses import is_loopback

        chosen = frozenset(features)
        host = urlsplit(environment.orchestrator).hostname or ""
        # What was uploaded or measured is of one command or call: it does not stay true for days.
        here = environment.is_sandbox or is_loopback(host)
        media = MediaReader(files=files, network=True, private=here, within=within)
        platform = Platform(
            self.catalog,
            self.engines,
            tier=tier or environment.tier,
            features=chosen,
            find_records=lambda ids: self._records(environment, ids),
            find_trainings=lambda ids: self._trainings(environment, ids),
            load=lambda: self.contract,
            media=media,
            _forms=self._forms,
        )
        if chosen:
            from civgen.jobs.features import refuse_unknown_features

            refuse_unknown_features(sorted(chosen), platform)
        return platform

    def _records(self, environment: Environment, ids: Iterable[int]) -> Mapping[int, Any]:
        if self._home.root is None:
            return {}
        from civgen.db.resources import find_versions

        return find_versions(environment, self._home.root, ids)

    def _trainings(self, environment: Environment, ids: Iterable[int]) -> Mapping[int, Any]:
        if self._home.root is None:
            return {}
        from civgen.db.resource import find_trainings

        return find_trainings(environment, self._home.root, ids)


class Readings:
    """The newest reading of a workspace, for any number of threads."""

    def __init__(self, home: Workspace) -> None:
        self._home = home
        self._lock = Lock()
        self._newest: Reading | None = None

    def now(self) -> Reading:
        """The files as they are."""
        with self._lock:
            seen = tuple(_seen(self._home.root)) if self._home.root else ()
            if self._newest is None or self._newest.seen != seen:
                self._newest = Reading(self._home, seen)
            return self._newest


def _seen(root: Path) -> Iterator[tuple[str, int, int]]:
    """The files of a workspace that say something; hidden ones and links to folders do not."""
    folders = [root / name for name in (*_SHELVES, "engines")]
    waiting = [str(folder) for folder in folders if folder.is_dir()]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name.startswith((".", "__")):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith((".toml", ".py")):
                    status = entry.stat()
                    yield entry.path, status.st_mtime_ns, status.st_size
