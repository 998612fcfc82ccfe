"""The catalogue: what exists, each fact once.

Built-in files lie beside this module, one folder a concept; a workspace has folders of the same
names. `Catalog` reads them when asked, and answers the questions that need more than one of them:
what a child inherits, whose base model a name is, which resources fit which checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from civgen.catalog.files import BUILT_IN, Entry
from civgen.catalog.records import (
    BaseModelRecord,
    Ecosystem,
    Family,
    Group,
    License,
    Preprocessor,
    Sampler,
    SizeSet,
    Tier,
    Version,
    Workflow,
)
from civgen.catalog.shelf import Shelf
from civgen.errors import InvalidFile, NotFound, Problem, not_found

#: What a child takes from its parent when it does not say it itself.
_INHERITED = ("support", "engine", "engines", "workflows", "family")


@dataclass(frozen=True, slots=True)
class Compatibility:
    """Whether an add-on works with a checkpoint, and why."""

    level: Literal["full", "partial", "none"]
    why: str


class Catalog:
    """All records, built in and of the workspace.

    Args:
        workspace: folder with the workspace's own files, if there is one.
    """

    def __init__(self, workspace: Path | None = None) -> None:
        roots = [BUILT_IN, *([workspace] if workspace else [])]
        self.ecosystems: Shelf[Ecosystem] = Shelf("ecosystem", "ecosystems", Ecosystem, roots)
        self.licenses: Shelf[License] = Shelf("licence", "licenses", License, roots)
        self.families: Shelf[Family] = Shelf("family", "families", Family, roots)
        self.groups: Shelf[Group] = Shelf("group", "groups", Group, roots)
        self.samplers: Shelf[Sampler] = Shelf("sampler", "samplers", Sampler, roots)
        self.preprocessors: Shelf[Preprocessor] = Shelf("preprocessor", "preprocessors", Preprocessor, roots)
        self.sizes: Shelf[SizeSet] = Shelf("size set", "sizes", SizeSet, roots)
        self.workflows: Shelf[Workflow] = Shelf("workflow key", "workflows", Workflow, roots)
        self.tiers: Shelf[Tier] = Shelf("tier", "tiers", Tier, roots)
        self._resolved: dict[str, Ecosystem] = {}

    @property
    def shelves(self) -> dict[str, Shelf[Any]]:
        """Its shelves by the name of their folder."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Shelf)}

    def ecosystem(self, key: str) -> Ecosystem:
        """An ecosystem with what it inherits.

        Raises:
            NotFound: with the closest known key as a hint.
        """
        if key not in self._resolved:
            self._resolved[key] = self._inherit(self.ecosystems[key])
        return self._resolved[key]

    def lineage(self, key: str) -> list[Entry[Ecosystem]]:
        """The root first, down to the ecosystem itself.

        Raises:
            InvalidFile: the parents go round in a circle.
        """
        line = [self.ecosystems[key]]
        while parent := line[0].record.parent:
            entry = self._parent(line[0], parent)
            if entry in line:
                where = line[0].where("parent")
                raise InvalidFile(
                    f"{key} is its own ancestor.",
                    where=where,
                    details=[Problem("parent", "goes round in a circle", where=where)],
                )
            line.insert(0, entry)
        return line

    def all_ecosystems(self) -> Iterator[Ecosystem]:
        """Every ecosystem with what it inherits, in display order."""
        for record in sorted(self.ecosystems.records, key=lambda one: (one.order, one.key)):
            yield self.ecosystem(record.key)

    def root(self, key: str) -> str:
        """Key of the ecosystem at the top of its parents."""
        return self.lineage(key)[0].record.key

    def base_model(self, name: str) -> tuple[BaseModelRecord, Ecosystem]:
        """A base model by its display name, and its ecosystem.

        Raises:
            NotFound: with the closest known name as a hint.
        """
        found = self._base_models.get(name)
        if found is None:
            raise not_found("base model", name, self._base_models)
        return found[0], self.ecosystem(found[1])

    def ecosystem_of(self, base_model: str | None) -> str | None:
        """Key of the ecosystem that a base model belongs to, if it is known."""
        found = self._base_models.get(base_model or "")
        return found[1] if found else None

    def version(self, version_id: int) -> tuple[Version, Ecosystem] | None:
        """A model version that the catalogue knows, and its ecosystem."""
        # A request without a model asks for 0, and must not read every file to learn that there is none.
        found = self._versions.get(version_id) if version_id else None
        return (found[0], self.ecosystem(found[1])) if found else None

    def engine_of(self, ecosystem: Ecosystem, workflow: str, version_id: int = 0) -> str | None:
        """Key of the engine for a workflow key: the version's, else the workflow key's, else the ecosystem's.

        Args:
            version_id: the version asked for; without one, the default of the workflow key.
        """
        serving = [one for one in ecosystem.versions if one.serves(workflow)]
        chosen = next((one for one in serving if one.id == version_id), None)
        chosen = chosen or next((one for one in serving if one.starts(workflow)), None)
        return (chosen.uses if chosen else None) or ecosystem.engines.get(workflow, ecosystem.engine)

    def engines_of(self, ecosystem: Ecosystem) -> list[str]:
        """Keys of all engines that an ecosystem uses."""
        said = [
            ecosystem.engine,
            *ecosystem.engines.values(),
            *(version.uses for version in ecosystem.versions),
        ]
        return list(dict.fromkeys(key for key in said if key))

    def base_model_of(self, version: Version, ecosystem: Ecosystem) -> str | None:
        """Display name of the base model that a version carries: its own, else the ecosystem's first."""
        first = ecosystem.base_models[0].name if ecosystem.base_models else None
        return version.base_model or first

    def compatibility(self, checkpoint: str, addon: str, model_type: str) -> Compatibility:
        """Whether an add-on fits a checkpoint, by ecosystem.

        Weights of one ecosystem always fit; else a rule must say so, for the checkpoint's ecosystem
        or for its root. Being parent and child alone gives nothing.

        Args:
            checkpoint: key of the checkpoint's ecosystem.
            addon: key of the add-on's ecosystem.
            model_type: the add-on's, for instance `LORA`.
        """
        if checkpoint == addon:
            return Compatibility("full", f"both belong to {addon}")
        for entry in dict.fromkeys((checkpoint, self.root(checkpoint))):
            for rule in self.ecosystems[entry].record.accepts:
                if rule.ecosystem == addon and model_type in rule.types:
                    on = "" if entry == checkpoint else f", the root of {checkpoint},"
                    return Compatibility(rule.support, f"{entry}{on} accepts {model_type} of {addon}")
        return Compatibility("none", f"no rule lets {checkpoint} use {model_type} of {addon}")

    @cached_property
    def _base_models(self) -> dict[str, tuple[BaseModelRecord, str]]:
        return {base.name: (base, eco.key) for eco in self.ecosystems.records for base in eco.base_models}

    @cached_property
    def _versions(self) -> dict[int, tuple[Version, str]]:
        return {version.id: (version, eco.key) for eco in self.ecosystems.records for version in eco.versions}

    def _parent(self, child: Entry[Ecosystem], parent: str) -> Entry[Ecosystem]:
        try:
            return self.ecosystems[parent]
        except NotFound as error:
            problem = Problem(
                "parent", error.message, given=parent, hint=error.hint, where=child.where("parent")
            )
            raise InvalidFile(
                error.message, hint=error.hint, where=problem.where, details=[problem]
            ) from None

    def _inherit(self, entry: Entry[Ecosystem]) -> Ecosystem:
        record = entry.record
        line = [ancestor.record for ancestor in self.lineage(record.key)]
        taken: dict[str, Any] = {name: _last_said(line, name) for name in _INHERITED}
        taken["air"] = line[0].air or line[0].key.lower()
        taken["engine_options"] = {name: value for one in line for name, value in one.engine_options.items()}
        return record.model_copy(update=taken)


def _last_said(line: Sequence[Ecosystem], name: str) -> Any:
    for record in reversed(line):
        if name in record.model_fields_set:
            return getattr(record, name)
    return getattr(line[-1], name)
