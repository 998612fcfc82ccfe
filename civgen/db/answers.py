"""May it generate? The coverage rule's answer for a version or an ecosystem, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.catalog.catalog import Catalog
from civgen.catalog.records import Ecosystem
from civgen.db.coverage import Branch, Check, Coverage, explain_all
from civgen.db.remedies import APPLY, Adviser, Remedy, Subject
from civgen.errors import NotFound
from civgen.settings import Environment

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Where the answer comes from when there is no database: what one would say.
PLANNED = "the catalogue: what a database would say once its plan was applied"
_ROW = Branch("row", (Check("exists", "the database has the model version", holds=False),))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rule says of one version.

    Attributes:
        name: model and version in words.
        ecosystem: key; None where the catalogue does not know the base model.
        remedies: what would help, for each condition that does not hold: by branch and condition.
    """

    coverage: Coverage
    name: str
    type: str | None
    base_model: str | None
    ecosystem: str | None
    remedies: Mapping[tuple[str, str], Remedy]

    @property
    def missing(self) -> list[tuple[Branch, Check, Remedy]]:
        """What does not hold of a version that may not generate, the nearest branch first."""
        branches = sorted(self.coverage.branches, key=self._distance)
        return [
            (branch, check, self.remedies[branch.name, check.name])
            for branch in branches
            if not self.coverage.through
            for check in branch.failing
        ]

    def _distance(self, branch: Branch) -> tuple[bool, float]:
        """What the plan would do comes first, then the branch of which the least is missing."""
        failing = [self.remedies[branch.name, check.name] for check in branch.failing]
        is_planned = all(remedy.command == APPLY for remedy in failing)
        return not is_planned, len(failing) / len(branch.checks)

    def as_json(self) -> dict[str, Any]:
        """`{"version", "name", "type", "baseModel", "ecosystem", "covered", "through", "branches"}`.

        Each check of a branch has its `remedy`: `{"change", "command", "sql"}`, or null where it holds.
        """
        said = self.coverage.as_json()
        for branch in said["branches"]:
            for check in branch["checks"]:
                remedy = self.remedies.get((branch["name"], check["name"]))
                check["remedy"] = asdict(remedy) if remedy else None
        who = {"name": self.name, "type": self.type, "baseModel": self.base_model}
        return {"version": said.pop("version"), **who, "ecosystem": self.ecosystem, **said}


@contextmanager
def asked(environment: Environment, root: Path | None, catalog: Catalog) -> Iterator[tuple[Connection, str]]:
    """The environment's database and its name for people; where there is none, one as it would be.

    Raises:
        InvalidInput, NotAuthorised, Unavailable: the database cannot be read.
    """
    from civgen.db.connect import existing_database

    database = existing_database(environment, root) if root else None
    if database is not None:
        with database.reading() as connection:
            yield connection, database.place
        return
    from civgen.db.rehearsal import rehearsed

    with rehearsed(catalog) as connection:
        yield connection, PLANNED


def answer(connection: Connection, catalog: Catalog, version_id: int) -> Answer:
    """What the rule says of a version.

    Raises:
        NotFound: neither the database nor the catalogue knows it.
    """
    found = answers(connection, catalog, [version_id])
    if not found:
        raise NotFound(
            f"Neither the database nor the catalogue knows the model version {version_id}.",
            hint="Publish it on the platform, or copy it from there with `civgen db import`.",
        )
    return found[0]


def answers_of(connection: Connection, catalog: Catalog, ecosystem: Ecosystem) -> list[Answer]:
    """What the rule says of all versions that the catalogue has for an ecosystem."""
    return answers(connection, catalog, [version.id for version in ecosystem.versions])


def answers(connection: Connection, catalog: Catalog, version_ids: Sequence[int]) -> list[Answer]:
    """What the rule says of versions, in their order, without those that nobody knows: two queries."""
    from civgen.db.desired import curated_rows

    wanted = {row.identity for row in curated_rows(catalog)}
    on_sqlite = connection.dialect.name == "sqlite"
    adviser = Adviser(catalog, wanted, "CURRENT_TIMESTAMP" if on_sqlite else "now() AT TIME ZONE 'utc'")
    covered = explain_all(connection, version_ids)
    subjects = _subjects(connection, list(covered))
    found = [
        _answer(covered[number], subjects[number], adviser)
        if number in covered
        else _absent(connection, catalog, number)
        for number in version_ids
    ]
    return [one for one in found if one is not None]


def _answer(coverage: Coverage, subject: Subject, adviser: Adviser) -> Answer:
    remedies = {
        (branch.name, check.name): adviser.remedy(check.name, subject)
        for branch in coverage.branches
        for check in branch.failing
    }
    home = adviser.catalog.ecosystem_of(subject.base_model)
    name = _name(subject.model, subject.name)
    return Answer(coverage, name, subject.type, subject.base_model, home, remedies)


def _absent(connection: Connection, catalog: Catalog, number: int) -> Answer | None:
    """A version of the catalogue that the database does not have."""
    from civgen.db.schema import is_adopted

    known = catalog.version(number)
    if known is None:
        return None
    version, ecosystem = known
    change = f"a row of ModelVersion with id {number}"
    publish = Remedy(f"{change}: publish it on the platform")
    remedy = publish if is_adopted(connection) else Remedy(change, APPLY)
    base_model = catalog.base_model_of(version, ecosystem)
    name = _name(ecosystem.name, version.label)
    coverage = Coverage(number, (_ROW,))
    return Answer(coverage, name, version.type, base_model, ecosystem.key, {("row", "exists"): remedy})


def _name(model: str, version: str) -> str:
    return version if version.lower().startswith(model.lower()) else f"{model} {version}"


def _subjects(connection: Connection, version_ids: Sequence[int]) -> dict[int, Subject]:
    from sqlalchemy import select

    from civgen.db.coverage_rule import VERSIONS
    from civgen.db.dialects import among
    from civgen.db.tables import table

    version, model = table("ModelVersion").c, table("Model").c
    columns = (version.id, version.name, model.id, model.name, model.type, version.baseModel)
    query = select(*columns, version.baseModelType).select_from(VERSIONS)
    rows = connection.execute(query.where(among(version.id, list(version_ids))))
    return {row[0]: Subject(*row) for row in rows}
