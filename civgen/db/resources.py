"""Resource records: what a request must know of model versions that the catalogue does not offer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.db.connect import existing_database
from civgen.settings import Environment

if TYPE_CHECKING:
    from sqlalchemy import Select


def find_versions(environment: Environment, root: Path, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The records of model versions by number, in one query; unknown numbers are left out.

    A database that does not exist yet knows none, and is not made for the question.

    Args:
        root: the workspace, from which a relative path counts.

    Returns:
        `{id: {"id", "type", "modelId", "modelName", "name", "baseModel", "trainedWords"}}`. `modelId`
        is None where the database has a stand-in because the catalogue does not know the model.
    """
    wanted = sorted(set(ids))
    database = existing_database(environment, root) if wanted else None
    if database is None:
        return {}
    with database.reading() as connection:
        return {row["id"]: _record(dict(row)) for row in connection.execute(_query(wanted)).mappings()}


def _record(row: dict[str, Any]) -> dict[str, Any]:
    is_stand_in = row["modelId"] < 0
    return {
        **row,
        "modelId": None if is_stand_in else row["modelId"],
        "trainedWords": row["trainedWords"] or [],
    }


def _query(ids: list[int]) -> Select[Any]:
    # Spelled out, since the definitions of `tables` take longer to import than this takes to run.
    from sqlalchemy import Integer, Text, column, select, table

    from civgen.db.dialects import among, array

    model = table("Model", column("id"), column("name"), column("type")).alias("m")
    words = column("trainedWords", array(Text()))
    names = ("id", "modelId", "name", "baseModel")
    number, *others = names
    version = table("ModelVersion", column(number, Integer), *map(column, others), words).alias("v")
    return (
        select(version.c.id, model.c.type, model.c.id.label("modelId"), model.c.name.label("modelName"))
        .add_columns(version.c.name, version.c.baseModel, version.c.trainedWords)
        .join_from(version, model, version.c.modelId == model.c.id)
        .where(among(version.c.id, ids))
    )
