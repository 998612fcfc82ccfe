"""CIV402."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class GeneratableComplete(Rule):
    """An ecosystem whose checkpoints may generate has all that it takes to do so, and the other way round.

    Why: half of an addition looks finished until somebody picks it. It takes an engine, workflow keys, a
    base model, and for every workflow key just one version to start with; where `model_locked` lets
    nobody name another, that is the only way in. An ecosystem with neither an engine nor workflow keys
    does not generate: its resources are only listed.

    Bad:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "May generate, and has nothing to do it with."
        workflows = ["txt2img"]
        [support]
        generation = ["Checkpoint"]

    Good:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Has an engine, a workflow key, a base model and a version."
        engine = "text-to-image"
        workflows = ["txt2img"]
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "image"
        license = "Apache 2.0"
        [support]
        generation = ["Checkpoint"]
        [[versions]]
        id = 2164239
        model_id = 1330309
        label = "v1.0 HD"
        default = true
    """

    code, name = "CIV402", "generatable-complete"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            checkpoints = "Checkpoint" in ecosystem.support.generation
            if checkpoints:
                yield from self._parts(entry, ecosystem)
            elif ecosystem.engine and ecosystem.versions and not _says_support(house, ecosystem):
                message = "has an engine and versions, but none of them may generate"
                hint = 'Add "Checkpoint" to generation; an empty list says that this is on purpose.'
                yield self._said(entry, message, hint, "support", "generation")
            if ecosystem.engine and (checkpoints or ecosystem.versions):
                yield from self._defaults(entry, ecosystem)

    def _parts(self, entry: Entry[Ecosystem], ecosystem: Ecosystem) -> Iterator[Finding]:
        if not (ecosystem.engine or ecosystem.workflows):
            return  # its resources are listed, and nothing generates with them
        parts = {
            "engine": (ecosystem.engine, 'Add engine = "…".'),
            "workflow key": (ecosystem.workflows, "Add workflows = […]."),
            "base model": (ecosystem.base_models, "Add a table [[base_models]]."),
        }
        for what, (said, hint) in parts.items():
            if not said:
                yield self._said(entry, f"may generate, but has no {what}", hint, "support", "generation")

    def _defaults(self, entry: Entry[Ecosystem], ecosystem: Ecosystem) -> Iterator[Finding]:
        lacking: list[str] = []
        for workflow in ecosystem.workflows:
            defaults = [index for index, one in enumerate(ecosystem.versions) if one.starts(workflow)]
            if not defaults:
                lacking.append(workflow)
            for index in defaults[1:]:
                first, second = (ecosystem.versions[one].id for one in (defaults[0], index))
                message = f"{second} and {first} are both the default of {workflow}"
                yield self._said(entry, message, "Take `default` from one.", "versions", index, "default")
        if lacking:
            message = f"no version is the default for {', '.join(lacking)}"
            hint = "Give one version of each `default = true`."
            if ecosystem.model_locked:
                hint += " The model is locked, so nobody can name another."
            yield self._said(entry, message, hint, "versions")

    def _said(self, entry: Entry[Ecosystem], message: str, hint: str, *key: str | int) -> Finding:
        return self.finding(message, place(entry, *key), right=hint, subject=f"ecosystem {entry.record.key}")


def _says_support(house: House, ecosystem: Ecosystem) -> bool:
    """Whether it, or one that it inherits from, says what may generate, if only that nothing may."""
    line = house.catalog.lineage(ecosystem.key)
    return any("support" in entry.record.model_fields_set for entry in line)
