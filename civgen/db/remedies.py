"""What would make a condition of the coverage rule hold: the row or the change, and how to make it."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from dataclasses import dataclass

from civgen.catalog.catalog import Catalog
from civgen.db.changes import Identity
from civgen.errors import NotFound

APPLY = "civgen db apply"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would help.

    Attributes:
        change: the row or column to change, in words, or why no row helps.
        command: a command of civgen that does it.
        sql: a statement that does it, for a database that others look after.
    """

    change: str
    command: str | None = None
    sql: str | None = None

    @property
    def how(self) -> str:
        """The shortest way to it: the command, else the statement; nothing where somebody must decide."""
        return self.command or self.sql or ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A model version as far as remedies must know it; names as rows spell them."""

    id: int
    name: str
    model_id: int
    model: str
    type: str
    base_model: str
    base_model_type: str | None


@dataclass(frozen=True, slots=True)
class Adviser:
    """Knows what would help.

    Attributes:
        wanted: the rows of lists that the catalogue wants.
        now: the current time in UTC, as SQL.
    """

    catalog: Catalog
    wanted: Collection[Identity]
    now: str

    def remedy(self, check: str, subject: Subject) -> Remedy:
        """What would make a condition hold for a version.

        Args:
            check: name of the condition, for instance `base-model`.
        """
        return {
            "listed": self._listed,
            "usage-control": self._usage_control,
            "published": self._published,
            "available": self._published,
            "not-poi": _moderators,
            "license": _owners,
            "file": _upload,
            "base-model": self._base_model,
            "type": self._type,
        }[check](subject)

    def _listed(self, subject: Subject) -> Remedy:
        change = f"a row of EcosystemCheckpoints with id {subject.id}"
        name = _text(f"{subject.model} {subject.name}")
        sql = f'INSERT INTO "EcosystemCheckpoints" (id, name) VALUES ({subject.id}, {name});'
        if ("EcosystemCheckpoints", (subject.id,)) in self.wanted:
            return Remedy(change, APPLY, sql)
        home = self.catalog.ecosystem_of(subject.base_model)
        is_new = subject.type == "Checkpoint" and home and not self.catalog.version(subject.id)
        return Remedy(change, self._added(str(home), subject) if is_new else None, sql)

    def _added(self, home: str, subject: Subject) -> str:
        words = ["civgen", "add-version", home, "--id", str(subject.id), "--label", subject.name]
        words += ["--model-id", str(subject.model_id), "--base-model", subject.base_model]
        return f"{shlex.join(words)} && {APPLY}"

    def _usage_control(self, subject: Subject) -> Remedy:
        change = f"ModelVersion {subject.id}: usageControl ExternalGeneration, for what runs elsewhere"
        return Remedy(change, sql=self._update(subject.id, "usageControl", "ExternalGeneration"))

    def _published(self, subject: Subject) -> Remedy:
        change = f"ModelVersion {subject.id}: status Published"
        return Remedy(change, sql=self._update(subject.id, "status", "Published"))

    def _base_model(self, subject: Subject) -> Remedy:
        name = subject.base_model
        change = f"a row of GenerationBaseModel with {name!r}"
        sql = f'INSERT INTO "GenerationBaseModel" ("baseModel") VALUES ({_text(name)});'
        if ("GenerationBaseModel", (name,)) in self.wanted:
            return Remedy(change, APPLY, sql)
        try:
            base, ecosystem = self.catalog.base_model(name)
        except NotFound:
            return Remedy(change, f"civgen add-base-model {shlex.quote(name)} && {APPLY}", sql)
        why = "the base model is disabled" if base.disabled else "nothing of it generates"
        return Remedy(f"{change}; but of {ecosystem.key} the catalogue says that {why}", sql=sql)

    def _type(self, subject: Subject) -> Remedy:
        if subject.type != "Checkpoint":
            return Remedy(f"nothing: a {subject.type} generates by no other branch than curated or external")
        if subject.base_model_type != "Standard":
            change = f"nothing: a checkpoint of baseModelType {subject.base_model_type} is not taken here"
            return Remedy(change)
        change = f"a row of CoveredCheckpoint with model {subject.model_id} and version {subject.id}"
        values = f"({subject.model_id}, {subject.id})"
        return Remedy(change, sql=f'INSERT INTO "CoveredCheckpoint" (model_id, version_id) VALUES {values};')

    def _update(self, version: int, column: str, value: str) -> str:
        values = f'"{column}" = {_text(value)}, "updatedAt" = {self.now}'
        return f'UPDATE "ModelVersion" SET {values} WHERE id = {version};'


def _moderators(subject: Subject) -> Remedy:
    return Remedy(f"nothing, unless a moderator finds that model {subject.model_id} is marked poi in error")


def _owners(subject: Subject) -> Remedy:
    return Remedy(f"model {subject.model_id}: its owner allows selling or renting in allowCommercialUse")


def _upload(subject: Subject) -> Remedy:
    return Remedy(
        f"a file of version {subject.id}, for instance a SafeTensor of type Model, once it is scanned"
    )


def _text(value: str) -> str:
    quoted = value.replace("'", "''")
    return f"'{quoted}'"
