"""Everything there is to lint, read once and as far as it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import civgen.engines
from civgen.catalog import Catalog, Entry
from civgen.catalog.records import Ecosystem, Version, Workflow
from civgen.engines.base import Engine
from civgen.engines.registry import Engines, module_name
from civgen.errors import CivgenError, InvalidFile, Problem, Where
from civgen.forms.form import Form
from civgen.jobs.platform import Platform
from civgen.lint.readable import ReadableCatalog, ReadableShelf
from civgen.lint.source import EngineSource
from civgen.tomlfile import Key

if TYPE_CHECKING:
    from civgen.lint.payloads import Violation
    from civgen.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Module:
    """An engine's module: the engine, or what is wrong with it."""

    source: EngineSource
    engine: Engine | None = None
    error: CivgenError | None = None

    @property
    def usable(self) -> Engine | None:
        """The engine, if a form can be made with it."""
        return self.engine if isinstance(getattr(self.engine, "form", None), Form) else None


@dataclass(frozen=True, eq=False)
class Maker:
    """An engine at work: for an ecosystem that generates, or as a tool.

    Attributes:
        entry: the file of the ecosystem, or of the tool's workflow key.
        line: the files that speak of its form, the one with the last word at the end.
        ecosystem: itself, with what it inherits; None for a tool.
        others: the fields of the ecosystem's other engines.
    """

    entry: Entry[Any]
    line: list[Entry[Any]]
    engine: Engine
    form: Form
    source: EngineSource
    ecosystem: Ecosystem | None = None
    others: frozenset[str] = frozenset()

    @property
    def subject(self) -> str:
        """What findings about it are about."""
        return f"{'ecosystem' if self.ecosystem else 'workflow key'} {self.entry.record.key}"

    @property
    def versions(self) -> list[Version]:
        """The versions of its ecosystem."""
        return self.ecosystem.versions if self.ecosystem else []

    @property
    def workflows(self) -> list[str]:
        """The workflow keys of its ecosystem, or the tool's own."""
        return self.ecosystem.workflows if self.ecosystem else [self.entry.record.key]

    def serves(self, catalog: Catalog, workflow: str, version: int | None = None) -> bool:
        """Whether it, and no other engine of its ecosystem, carries out a workflow key with a version."""
        if self.ecosystem is None:
            return workflow == self.entry.record.key
        return catalog.engine_of(self.ecosystem, workflow, version or 0) == self.engine.key


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
        makers: list[Maker] = []
        errors: list[tuple[Entry[Any], CivgenError]] = []
        for entry, make in (*self._of_ecosystems(), *self._of_tools()):
            try:
                maker = make()
                _try_out(maker.form, {"limits": self.platform.limits}, entry)
            except CivgenError as error:
                errors.append((entry, error))
            else:
                makers.append(maker)
        return makers, errors

    def _of_ecosystems(self) -> Iterator[tuple[Entry[Any], Callable[[], Maker]]]:
        """Every engine of every ecosystem, if all of an ecosystem's engines can be used."""
        for entry, ecosystem in self.ecosystems.values():
            modules = [self.module(key) for key in self.catalog.engines_of(ecosystem)]
            usable = [module for module in modules if module and module.usable]
            for module in usable if len(usable) == len(modules) else ():
                yield entry, partial(self._maker, entry, ecosystem, module, usable)

    def _maker(
        self, entry: Entry[Ecosystem], ecosystem: Ecosystem, module: Module, among: Sequence[Module]
    ) -> Maker:
        engine = _engine(module)
        others = frozenset(key for other in among for key in _engine(other).form.keys) - {*engine.form.keys}
        form = self.platform.form(ecosystem.key, engine)
        line = self.catalog.lineage(ecosystem.key)
        return Maker(entry, list(line), engine, form, module.source, ecosystem, others)

    def _of_tools(self) -> Iterator[tuple[Entry[Any], Callable[[], Maker]]]:
        for entry in self.shelves["workflows"].values():
            module = self.module(entry.record.engine) if entry.record.engine else None
            if module and module.usable:
                yield entry, partial(self._tool, entry, module)

    def _tool(self, entry: Entry[Workflow], module: Module) -> Maker:
        engine = _engine(module)
        form = self.platform.tool_form(entry.record.key, engine)
        return Maker(entry, [entry], engine, form, module.source)

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


def _engine(module: Module) -> Engine:
    assert module.usable
    return module.usable


def _try_out(form: Form, facts: Mapping[str, Any], entry: Entry[Any]) -> None:
    """Show every field in every state that a condition brings about.

    Raises:
        InvalidFile: one cannot be shown, for instance because an option has no value.
    """
    for field in form.fields:
        try:
            for change in field.changes:
                change.applies({})
                field.settle({**field.properties, **change.properties}, facts)
            field.settle(dict(field.properties), facts)
        except (KeyError, TypeError, ValueError) as error:
            message = f"cannot be shown as it is said here: {type(error).__name__}: {error}"
            where = entry.where("form", field.key)
            raise InvalidFile(
                message, where=where, details=[Problem(field.key, message, where=where)]
            ) from None


def _modules_below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if not path.name.startswith(("_", "test_"))]
