"""Engines at work: with the form that an ecosystem makes of theirs, or as a tool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from civgen.catalog import Catalog, Entry
from civgen.catalog.records import Ecosystem, Group, Version, Workflow
from civgen.engines.base import Engine
from civgen.errors import CivgenError, InvalidFile, Problem
from civgen.forms.form import Form
from civgen.lint.source import EngineSource
from civgen.lint.tracking import Question

if TYPE_CHECKING:
    from civgen.lint.house import House


@dataclass(frozen=True, eq=False)
class Module:
    """An engine's module: the engine, or what is wrong with it."""

    source: EngineSource
    engine: Engine | None = None
    error: CivgenError | None = None

    @property
    def key(self) -> str:
        """The engine's key: as it says itself, else as its text does, else as its file is called."""
        said = self.engine.key if self.engine else self.source.literal("key")
        return said if isinstance(said, str) else self.source.path.stem

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
        asked: what was asked of the catalogue to compose it.
    """

    entry: Entry[Any]
    line: list[Entry[Any]]
    engine: Engine
    form: Form
    source: EngineSource
    ecosystem: Ecosystem | None = None
    others: frozenset[str] = frozenset()
    asked: frozenset[Question] = frozenset()

    @property
    def subject(self) -> str:
        """What findings about it are about."""
        return subject_of(self.entry)

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
            return workflow in self.workflows
        return catalog.engine_of(self.ecosystem, workflow, version or 0) == self.engine.key


def composed(house: House) -> tuple[list[Maker], list[tuple[Entry[Any], CivgenError]]]:
    """The engines at work, and the ecosystems and tools whose form cannot be composed, with the reason."""
    makers: list[Maker] = []
    errors: list[tuple[Entry[Any], CivgenError]] = []
    for entry, make in (*_of_ecosystems(house), *_of_tools(house)):
        try:
            with house.catalog.recorder.recording() as asked:
                maker = make()
                _try_out(maker.form, {"limits": house.platform.limits}, entry)
        except CivgenError as error:
            errors.append((entry, error))
        else:
            makers.append(replace(maker, asked=frozenset(asked)))
    return makers, errors


def _of_ecosystems(house: House) -> Iterator[tuple[Entry[Any], Callable[[], Maker]]]:
    """Every engine of every ecosystem, if all of an ecosystem's engines can be used."""
    for entry, ecosystem in house.ecosystems.values():
        modules = [house.module(key) for key in house.catalog.engines_of(ecosystem)]
        engines = [(module.usable, module.source) for module in modules if module and module.usable]
        if len(engines) == len(modules):
            keys = {key for engine, _ in engines for key in engine.form.keys}
            for engine, source in engines:
                others = frozenset(keys.difference(engine.form.keys))
                yield entry, partial(_at_work, house, entry, ecosystem, engine, source, others)


def _at_work(
    house: House,
    entry: Entry[Ecosystem],
    ecosystem: Ecosystem,
    engine: Engine,
    source: EngineSource,
    others: frozenset[str],
) -> Maker:
    form = house.platform.form(ecosystem.key, engine)
    line = house.catalog.lineage(ecosystem.key)
    return Maker(entry, list(line), engine, form, source, ecosystem, others)


def _of_tools(house: House) -> Iterator[tuple[Entry[Any], Callable[[], Maker]]]:
    for entry in house.shelves["workflows"].values():
        module = house.module(entry.record.engine) if entry.record.engine else None
        if module and module.usable:
            yield entry, partial(_tool, house, entry, module.usable, module.source)


def _tool(house: House, entry: Entry[Workflow], engine: Engine, source: EngineSource) -> Maker:
    return Maker(entry, [entry], engine, house.platform.tool_form(entry.record.key, engine), source)


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


def subject_of(entry: Entry[Any]) -> str:
    """What findings about a file are about."""
    return f"{_KINDS[type(entry.record)]} {entry.record.key}"


_KINDS: Mapping[type[BaseModel], str] = {Ecosystem: "ecosystem", Workflow: "workflow key", Group: "group"}
