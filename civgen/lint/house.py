"""Everything there is to lint, read once and as far as it can be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem
from civgen.engines.base import Engine
from civgen.engines.registry import Engines, module_name
from civgen.errors import CivgenError, InvalidFile, Where, display_path
from civgen.forms.form import Form
from civgen.jobs.platform import Platform, built_in_contract
from civgen.lint.comments import Ignore, ignores_in
from civgen.lint.makers import Maker, Module, composed
from civgen.lint.readable import ReadableCatalog, ReadableShelf
from civgen.lint.source import EngineSource
from civgen.lint.sources import ENGINES, ENGINES_HOME, Sources, real
from civgen.lint.tracking import ENGINES_ASKED, Question, Recorder
from civgen.tomlfile import Key
from civgen.workspace import FILE

if TYPE_CHECKING:
    from civgen.lint.payloads import Sent, Tried, Violation
    from civgen.orchestrator.contract import Contract


class House:
    """The catalogue, the engines and the forms, each part made when a rule asks for it."""

    def __init__(
        self, sources: Sources, *, execute: bool = True, load: Callable[[], Contract] = built_in_contract
    ) -> None:
        """Read the catalogue.

        Args:
            execute: run the workspace's own engines; without it, they are only looked at as text.
            load: gives the contract that steps are held against.
        """
        self._load = load
        self.sources = sources
        self.workspace = sources.workspace
        self.execute = execute
        self.catalog = ReadableCatalog(sources.workspace.root, sources.loose, sources.instead)
        self._tried: dict[Hashable, tuple[Tried, set[Question]]] = {}

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
        found += closed_folders(self.workspace.root, [*self.shelves, ENGINES])
        try:
            _ = self.workspace.settings
        except InvalidFile as error:
            found.append(error)
        return found

    @cached_property
    def files(self) -> set[Path]:
        """Every file that was read."""
        entries = [entry for shelf in self.shelves.values() for entry in shelf.values()]
        places = [Path(error.where.file) for error in self.errors if error.where and error.where.file]
        read = [file.path for entry in entries for file in entry.files]
        settings = [self.workspace.root / FILE] if self.workspace.root else []
        return {real(path) for path in (*read, *places, *self._engine_files, *settings)}

    @cached_property
    def ignores(self) -> list[Ignore]:
        """The comments of all files that can be read, which keep findings quiet."""
        entries = [entry for shelf in self.shelves.values() for entry in shelf.values()]
        texts = {display_path(file.path): file.text for entry in entries for file in entry.files}
        texts |= {display_path(module.source.path): module.source.text for module in self.modules.values()}
        return [one for file, text in texts.items() for one in ignores_in(file, text)]

    @cached_property
    def unseen(self) -> list[str]:
        """The files that rules about engines do not see in full, because no code of the workspace is run."""
        if self.execute:
            return []
        closed = [module.source.path for module in self.modules.values() if not self.runs(module.source.path)]
        keys = {self.modules[path.stem].key for path in closed}
        users = [
            entry.files[-1].path
            for entry, ecosystem in self.ecosystems.values()
            if keys.intersection(self.catalog.engines_of(ecosystem))
        ]
        tools = [
            entry.files[-1].path
            for entry in self.shelves["workflows"].values()
            if entry.record.engine in keys
        ]
        return sorted({display_path(path) for path in (*closed, *users, *tools)})

    def runs(self, path: Path) -> bool:
        """Whether an engine's module may be run: civgen's own always, the workspace's unless told not to."""
        return self.execute or _is_built_in(path)

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
        return NotingPlatform(self.catalog, self.engines, tier=self._tiers[-1], load=self._load)

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

    def violations(self, maker: Maker) -> list[Violation]:
        """Everything that an engine at work lets through and the contract refuses."""
        return list(self._all_tried(maker).violations.values())

    def sent(self, maker: Maker) -> list[Sent]:
        """Everything that an engine at work sends, a leaf of the contract each."""
        return list(self._all_tried(maker).sent.values())

    def _all_tried(self, maker: Maker) -> Tried:
        from civgen.lint.payloads import tried

        return self.catalog.recorder.once(self._tried, id(maker), partial(tried, self, maker))

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
        folders = [ENGINES_HOME / "image", ENGINES_HOME / "video", self.workspace.engines]
        found = [path for folder in folders if folder for path in _modules_below(folder)]
        stood_for = set(self.sources.instead)
        return [
            *(path for path in found if real(path) not in stood_for),
            *self.sources.loose.get(ENGINES, ()),
        ]

    @cached_property
    def _found_engines(self) -> tuple[Engines, CivgenError | None]:
        files = [path for path in self._engine_files if self.runs(path)]
        try:
            return NotingEngines(files, self.catalog.recorder), None
        except InvalidFile as error:
            return NotingEngines([path for path in files if _is_built_in(path)], self.catalog.recorder), error

    def _inherited(self, entry: Entry[Ecosystem]) -> Ecosystem | None:
        try:
            return self.catalog.ecosystem(entry.record.key)
        except InvalidFile:  # `reference-resolves` says which parent is missing
            return None

    def _module(self, path: Path) -> Module:
        source = EngineSource(path)
        if source.error:
            return Module(source, error=source.error)
        if not self.runs(path):
            return Module(source)
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


class NotingPlatform(Platform):
    """A platform that notes what its forms are made of, even where it has made them before."""

    def form(self, ecosystem: str, engine: Engine) -> Form:  # noqa: D102
        key = ("form", ecosystem, engine.key)
        work = partial(super().form, ecosystem, engine)
        return self._readable.recorder.once(self._readable.forms, key, work)

    def tool_form(self, workflow: str, engine: Engine) -> Form:  # noqa: D102
        key = ("tool form", workflow, engine.key)
        work = partial(super().tool_form, workflow, engine)
        return self._readable.recorder.once(self._readable.forms, key, work)

    @property
    def _readable(self) -> ReadableCatalog:
        assert isinstance(self.catalog, ReadableCatalog)
        return self.catalog


class NotingEngines(Engines):
    """Engines that note when the workspace's own are looked at, or all are asked in turn."""

    def __init__(self, files: Iterable[Path], recorder: Recorder) -> None:
        """Find the engines in these modules."""
        super().__init__(files=files)
        self._recorder = recorder

    def __getitem__(self, key: str) -> Engine:
        if key not in self or not _is_built_in(self.file(key)):
            self._recorder.note(ENGINES_ASKED)
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        self._recorder.note(ENGINES_ASKED)
        return super().__iter__()


def closed_folders(root: Path | None, names: Iterable[str]) -> list[InvalidFile]:
    """The workspace's folders that may not be read, whose files would otherwise seem not to be there."""
    folders = [root / name for name in names] if root else []
    closed = [one for one in folders if one.is_dir() and not os.access(one, os.R_OK | os.X_OK)]
    return [
        InvalidFile(f"{display_path(one)} may not be read.", where=Where(display_path(one))) for one in closed
    ]


def _is_built_in(path: Path) -> bool:
    return path.is_relative_to(ENGINES_HOME)


def _modules_below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if not path.name.startswith(("_", "test_"))]
