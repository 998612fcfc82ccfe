"""Copying models from one environment's database to another: what generation needs of them, and no more.

The source is only read, in one transaction. What is copied is a plan like any other: shown first, written
in one transaction, on record, and taken back by a rollback.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from civgen.db.changes import Create
from civgen.db.connect import Database
from civgen.db.ledger import owned_rows
from civgen.db.plan import Plan
from civgen.db.planning import plan_rows, rows_of
from civgen.db.scope import IMPORT
from civgen.errors import NotFound, Problem, Refused

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

#: Columns that are copied, by table: first those that name a row. Left out is what generation does not ask
#: for, what refers to other models, and what the destination says itself (when a row was written).
COPIED: Mapping[str, tuple[str, ...]] = {
    "Model": (
        *("id", "name", "type", "userId", "status", "publishedAt", "nsfw", "poi", "minor", "sfwOnly"),
        *("checkpointType", "mode", "uploadType", "availability", "nsfwLevel", "isOfficial"),
        *("allowCommercialUse", "allowDerivatives", "allowDifferentLicense", "allowNoCredit"),
    ),
    "ModelVersion": (
        *(
            "id",
            "modelId",
            "name",
            "baseModel",
            "baseModelType",
            "index",
            "clipSkip",
            "trainedWords",
            "status",
        ),
        *(
            "meta",
            "publishedAt",
            "initialPublishedAt",
            "settings",
            "trainingStatus",
            "availability",
            "nsfwLevel",
        ),
        *("uploadType", "usageControl", "requireAuth", "flags"),
        *("licensingFee", "licensingFeeType", "licensingFeeSettlementCurrency"),
    ),
    "ModelFile": (
        *("id", "modelVersionId", "name", "url", "sizeKB", "type", "pickleScanResult", "virusScanResult"),
        *("scannedAt", "metadata", "exists", "visibility", "dataPurged"),
    ),
    "EcosystemCheckpoints": ("id", "name"),
    "GenerationBaseModel": ("baseModel",),
    "CoveredCheckpoint": ("model_id", "version_id"),
}
_KEYS = {"CoveredCheckpoint": 2}
#: By what a row is the same in two databases, beside its number.
_SAME = {"Model": ("name", "type"), "ModelVersion": ("modelId", "baseModel")}


def rows_to_copy(source: Database, models: Sequence[int], versions: Sequence[int]) -> list[Create]:
    """The rows of models with all of their versions, and of versions with their models.

    Raises:
        NotFound: with every number that the source does not know.
        InvalidInput, NotAuthorised, Unavailable: the source cannot be read.
    """
    from civgen.db.adopt import look_at
    from civgen.db.schema import is_adopted

    with source.reading() as connection:
        if is_adopted(connection):
            look_at(connection, COPIED)
        found = _versions(connection, models, versions)
        _refuse_unknown(source, found, models, versions)
        return list(_rows(connection, found, f"{IMPORT}{source.place}"))


def import_plan(connection: Connection, rows: Sequence[Create]) -> Plan:
    """What must change at the destination; rows that it has from elsewhere stay as they are.

    Raises:
        Refused: a number is that of something else there, or a row cannot be written: with every such row.
    """
    from civgen.db.schema import is_adopted

    adopted = is_adopted(connection)
    users = _users(connection, rows, adopted=adopted)
    plan = plan_rows(connection, [*users, *rows], adopted=adopted, imported=True)
    problems = [Problem(row.table, row.why, given=dict(row.key)) for row in plan.blocked]
    if problems := [*problems, *_others(connection, rows)]:
        raise Refused(
            f"Rows that cannot be copied: {len(problems)}. {problems[0].field}: {problems[0].message}.",
            hint="Nothing was written. Copy into a database of your own, or leave those models out.",
            details=problems,
        )
    return replace(plan, leftover=0)


def _versions(
    connection: Connection, models: Sequence[int], versions: Sequence[int]
) -> list[tuple[int, int, str]]:
    """Number, model and base model of the versions asked for."""
    from sqlalchemy import or_, select

    from civgen.db.dialects import among
    from civgen.db.tables import table

    version = table("ModelVersion").c
    asked = or_(among(version.id, versions), among(version.modelId, models))
    query = select(version.id, version.modelId, version.baseModel).where(asked).order_by(version.id)
    return [tuple(row) for row in connection.execute(query)]


def _refuse_unknown(
    source: Database, found: Sequence[tuple[int, int, str]], models: Sequence[int], versions: Sequence[int]
) -> None:
    known = {version for version, *_ in found}, {model for _, model, _ in found}
    problems = [Problem("--version", "is not there", given=one) for one in versions if one not in known[0]]
    problems += [
        Problem("--model", "has no version there", given=one) for one in models if one not in known[1]
    ]
    if problems:
        missing = ", ".join(f"{one.field.strip('-')} {one.given}" for one in problems)
        raise NotFound(f"{source.place} does not have {missing}.", details=problems)


def _rows(connection: Connection, found: Sequence[tuple[int, int, str]], reason: str) -> Iterator[Create]:
    from civgen.db.dialects import among
    from civgen.db.tables import table

    versions = [version for version, *_ in found]
    wanted: dict[tuple[str, str], Collection[Any]] = {
        ("Model", "id"): {model for _, model, _ in found},
        ("ModelVersion", "id"): versions,
        ("ModelFile", "modelVersionId"): versions,
        ("EcosystemCheckpoints", "id"): versions,
        ("GenerationBaseModel", "baseModel"): {base_model for *_, base_model in found},
        ("CoveredCheckpoint", "version_id"): versions,
    }
    for (name, column), values in wanted.items():
        yield from _copies(connection, name, among(table(name).c[column], sorted(values)), reason)


def _copies(connection: Connection, name: str, which: ColumnElement[bool], reason: str) -> Iterator[Create]:
    from sqlalchemy import select

    from civgen.db.tables import table
    from civgen.db.times import as_text

    columns, keys = COPIED[name], _KEYS.get(name, 1)
    query = select(*(table(name).c[column] for column in columns)).where(which)
    for row in as_text(connection.execute(query).all()):
        cells = dict(zip(columns, row, strict=True))
        yield Create(
            name,
            {column: cells[column] for column in columns[:keys]},
            {column: cells[column] for column in columns[keys:]},
            reason,
        )


def _users(connection: Connection, rows: Sequence[Create], *, adopted: bool) -> list[Create]:
    """The owners: as stubs where the tables are civgen's own; the platform's are never made.

    Raises:
        Refused: the platform does not know some of them.
    """
    owners = {row.values["userId"]: row.reason for row in rows if row.table == "Model"}
    if not adopted:
        return [Create("User", {"id": owner}, {}, reason) for owner, reason in owners.items()]
    there = rows_of(connection, "User", [{"id": owner} for owner in owners], ())
    missing = [owner for owner in owners if (owner,) not in there.rows]
    if missing:
        problems = [Problem("User", "is not there, and owns a model", given=owner) for owner in missing]
        names = ", ".join(map(str, missing))
        raise Refused(f"The destination has no user {names}, who own the models.", details=problems)
    return []


def _others(connection: Connection, rows: Sequence[Create]) -> Iterator[Problem]:
    """Numbers that are those of something else at the destination, and of no row that civgen wrote there."""
    owned = owned_rows(connection)
    for name, columns in _SAME.items():
        ours = [row for row in rows if row.table == name and row.identity not in owned]
        if not ours:
            continue
        there = rows_of(connection, name, [row.key for row in ours], columns)
        for row in ours:
            found = there.row(row.identity[1]) or row.values
            for column in columns:
                if found[column] != row.values[column]:
                    message = f"{row.key['id']} is another there: {column} is {found[column]!r}"
                    yield Problem(name, message, given=row.values[column])
