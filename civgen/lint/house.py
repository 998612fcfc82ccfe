"""Everything there is to lint, read once and as far as it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import civgen.engines
from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem
from civgen.engines.registry import Engines, module_name
from civgen.errors import CivgenError, InvalidFile, Where
from civgen.jobs.platform import Platform
from civgen.lint.makers import Maker, Module, composed
from civgen.lint.readable import ReadableCatalog, ReadableShelf
from civgen.lint.source import EngineSource
from civgen.tomlfile import Key

if TYPE_CHECKING:
    from civgen.lint.payloads import Violation
    from civgen.workspace import Workspace


class House:
    """The catalogue, the engines and the forms, each part made when a rule asks for it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.catalog = ReadableCatalog(workspace.root)

    @property
    def shelves(self) -> Mapping[str, ReadableShelf[Any]]:
        """The catalogue's shelves by the name of their folder."""
        return self.catalog.readable

    @property
    def entries(self) -> list[Entry[Ecosystem]]:
        """The files of all ecosystems that can be read."""
        return list(self.catalog.ecosystems.values())

    @cached_property
    def errors(self) -> list[InvalidFile]:
        """What is wrong with the TOML files that cannot be read."""
        found = [error for shelf in self.shelves.values() for error in shelf.errors]
        try:
            _ = self.workspace.settings
        except InvalidFile as error:
            found.append(error)
        return found

    @cached_property
    def files(self) -> set[Path]:
        """Every file that was read."""
        entries = [entry for shelf in self.shelves.values() for entry in shelf.values()]
        places = [
            Path(error.where.file).resolve() for error in self.errors if error.where and error.where.file
        ]
        read = [file.path.resolve() for entry in entries for file in entry.files]
        return {*read, *places, *(path.resolve() for path in self._engine_files)}

    @cached_property
    def ecosystems(self) -> dict[str, tuple[Entry[Ecosystem], Ecosystem]]:
        """The ecosystems whose parents can be found, with what they inherit."""
        return {
            entry.record.key: (entry, found) for entry in self.entries if (found := self._inherited(entry))
        }

    @cached_property
    def engines(self) -> Engines:
        """The engines; without the workspace's when those are ambiguous (`engines_error` says why)."""
        return self._found_engines[0]

    @property
    def engines_error(self) -> CivgenError | None:
        """Why the workspace's engines are left out, if they are."""
        return self._found_engines[1]

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Every engine module by its file's name without the ending."""
        return {path.stem: self._module(path) for path in self._engine_files}

    def module(self, engine: str) -> Module | None:
        """The module that an engine's key leads to."""
        return self.modules.get(module_name(engine))

    @cached_property
    def platform(self) -> Platform:
        """The platform, for the tier with the highest limits; it knows no database."""
        return Platform(self.catalog, self.engines, tier=self._tiers[-1])

    def for_tiers(self, *, all_of_them: bool) -> list[Platform]:
        """The platform for every tier, or for those with the lowest and the highest limits."""
        tiers = self._tiers if all_of_them else dict.fromkeys((self._tiers[0], self._tiers[-1]))
        return [replace(self.platform, tier=tier) for tier in tiers]

    @property
    def makers(self) -> list[Maker]:
        """The engines at work whose forms can be composed: one or several an ecosystem, one a tool."""
        return self._composed[0]

    @property
    def form_errors(self) -> list[tuple[Entry[Any], CivgenError]]:
        """The ecosystems and tools whose form cannot be composed, and why."""
        return self._composed[1]

    @cached_property
    def violations(self) -> list[Violation]:
        """Everything that forms let through and the contract refuses."""
        from civgen.lint.payloads import violations

        return list(violations(self))

    @cached_property
    def _tiers(self) -> list[str]:
        """Tiers by their limits, the lowest first."""
        records = [entry.record for entry in self.catalog.tiers.values()]
        ranked = sorted(records, key=lambda tier: sum(tier.model_dump(exclude={"key"}).values()))
        return [tier.key for tier in ranked]

    @cached_property
    def _composed(self) -> tuple[list[Maker], list[tuple[Entry[Any], CivgenError]]]:
        return composed(self)

    @cached_property
    def _engine_files(self) -> list[Path]:
        built_in = Path(civgen.engines.__file__).parent
        folders = [built_in / "image", built_in / "video", self.workspace.engines]
        return [path for folder in folders if folder for path in _modules_below(folder)]

    @cached_property
    def _found_engines(self) -> tuple[Engines, CivgenError | None]:
        try:
            return Engines(self.workspace.engines), None
        except InvalidFile as error:
            return Engines(), error

    def _inherited(self, entry: Entry[Ecosystem]) -> Ecosystem | None:
        try:
            return self.catalog.ecosystem(entry.record.key)
        except InvalidFile:  # `reference-resolves` says which parent is missing
            return None

    def _module(self, path: Path) -> Module:
        source = EngineSource(path)
        try:
            return Module(source, self.engines[path.stem])
        except CivgenError as error:
            return Module(source, error=error)


def place(entry: Entry[Any], *key: str | int) -> Where:
    """Where `key` stands. In a file that is no override, two tables with the same id are told apart."""
    return entry.files[0].where(key) if len(entry.files) == 1 else entry.where(*key)


def walk(value: Any, at: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Every value at any depth of data, with its key; containers come before what is in them."""
    yield at, value
    inside = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, one in inside:
        yield from walk(one, (*at, key))


def _modules_below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if not path.name.startswith(("_", "test_"))]
