"""All that the database says of one resource: who made it, how it is used, what it costs, who may use it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.db.coverage import Coverage, explain_coverage
from civgen.db.training import Training, training_of
from civgen.settings import Environment

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause, Connection

#: Columns of a version and of its model that an answer is made of.
_OF_VERSION = (
    *("id", "name", "baseModel", "baseModelType", "status", "availability", "usageControl", "flags", "meta"),
    *("settings", "trainedWords", "licensingFee", "licensingFeeType", "licensingFeeSettlementCurrency"),
)
_OF_MODEL = ("id", "name", "type", "userId", "availability", "poi", "minor", "allowCommercialUse")
TRAINING_DATA = "Training Data"
#: Types of the file that is the resource itself, the likeliest first.
_MAIN_FILES = ("Model", "Pruned Model", "Diffusion Model", "UNet", "VAE", "Negative")


@dataclass(frozen=True, slots=True)
class PaidAccess:
    """What using a version costs until `ends` (UTC; None is for ever), by the platform's own terms."""

    ends: datetime | None
    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """A version by its rows.

    Attributes:
        version, model: columns by the platform's names.
        file: type and size in KB of the file that is the resource; None where there is none.
        training: what its training made, for a version that is not published.
        paid: None where access costs nothing, or the database has no such table.
    """

    version: Mapping[str, Any]
    model: Mapping[str, Any]
    file: tuple[str, float] | None
    training: Training | None
    paid: PaidAccess | None
    coverage: Coverage


def facts_of(connection: Connection, version_id: int) -> Facts:
    """The rows of a version.

    Raises:
        NotFound: there is no such version.
    """
    from sqlalchemy import select

    from civgen.db.coverage_rule import VERSIONS
    from civgen.db.tables import table

    coverage = explain_coverage(connection, version_id)
    version, model = table("ModelVersion").c, table("Model").c
    columns = [*(version[name] for name in _OF_VERSION), *(model[name] for name in _OF_MODEL)]
    row = tuple(
        connection.execute(select(*columns).select_from(VERSIONS).where(version.id == version_id)).one()
    )
    own = dict(zip(_OF_VERSION, row, strict=False))
    of_model = dict(zip(_OF_MODEL, row[len(_OF_VERSION) :], strict=True))
    file, training = _files(connection, version_id)
    published = own["status"] == "Published"
    return Facts(
        own, of_model, file, None if published else training, _paid(connection, version_id), coverage
    )


def find_trainings(environment: Environment, root: Path, ids: Iterable[int]) -> dict[int, Training]:
    """What the trainings of versions made that are not published; nothing where there is no database.

    Args:
        root: the workspace, from which a relative path counts.
    """
    from sqlalchemy import select

    from civgen.db.connect import existing_database
    from civgen.db.dialects import among

    database = existing_database(environment, root)
    if database is None:
        return {}
    from civgen.db.tables import table

    file, version = table("ModelFile").c, table("ModelVersion").c
    query = select(version.id, file.metadata["trainingResults"]).where(file.modelVersionId == version.id)
    query = query.where(file.type == TRAINING_DATA, version.status != "Published")
    with database.reading() as connection:
        rows = connection.execute(query.where(among(version.id, list(ids))).order_by(file.id)).all()
    found = {number: training_of(results) for number, results in rows}
    return {number: training for number, training in found.items() if training is not None}


def _files(connection: Connection, version_id: int) -> tuple[tuple[str, float] | None, Training | None]:
    """The main file, and the training; headers and results of scans stay where they are."""
    from sqlalchemy import case, select

    from civgen.db.tables import table

    file = table("ModelFile").c
    results = case((file.type == TRAINING_DATA, file.metadata["trainingResults"]))
    query = select(file.type, file.sizeKB, results).where(file.modelVersionId == version_id)
    rows = connection.execute(query.order_by(file.id)).all()
    main = sorted((row for row in rows if row[0] in _MAIN_FILES), key=lambda row: _MAIN_FILES.index(row[0]))
    trainings = [training_of(row[2]) for row in rows]
    training = next((one for one in reversed(trainings) if one is not None), None)
    return ((main[0][0], main[0][1]) if main else None), training


def _paid(connection: Connection, version_id: int) -> PaidAccess | None:
    """What access costs, where the platform has its table for that, which civgen never makes."""
    from sqlalchemy import Text, cast, column, inspect, select, table

    from civgen.db.dialects import JSONB, TIMESTAMP

    if not inspect(connection).has_table("PaidAccess"):
        return None
    kind: ColumnClause[str] = column("entityType")
    paid = table("PaidAccess", kind, column("entityId"), column("endsAt", TIMESTAMP), column("terms", JSONB))
    which = cast(kind, Text) == "ModelVersion", paid.c.entityId == version_id
    found = connection.execute(select(paid.c.endsAt, paid.c.terms).where(*which)).first()
    return PaidAccess(found[0], found[1] or {}) if found else None
