"""Models with their versions and files, read from the database in one pass.

Three ordered streams (models, versions, files) are merged by the model's id: however many models
there are, there are three queries, and one model at a time in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select

Row = Mapping[str, Any]
#: Rows that are fetched from the database at once.
_CHUNK = 2000

_MODEL = [
    "id",
    "name",
    "type",
    "nsfw",
    "nsfwLevel",
    "minor",
    "sfwOnly",
    "status",
    "createdAt",
    "lastVersionAt",
    "publishedAt",
    "locked",
    "mode",
    "checkpointType",
    "availability",
    "poi",
    "isOfficial",
    "userId",
    "meta",
    "allowNoCredit",
    "allowCommercialUse",
    "allowDerivatives",
    "allowDifferentLicense",
]
_VERSION = [
    "id",
    "modelId",
    "name",
    "nsfwLevel",
    "createdAt",
    "status",
    "availability",
    "flags",
    "trainedWords",
    "baseModel",
    "baseModelType",
    "settings",
    "steps",
    "epochs",
    "clipSkip",
]


class ModelRows(NamedTuple):
    """A model with what hangs on it.

    Attributes:
        model: its columns, and its owner's `username`.
        versions: in the order of their `index`; each with `covered` and `files`, which are
            `{"format", "hashes": [{"hash", "type"}]}`.
    """

    model: Row
    versions: list[dict[str, Any]]


def read_models(connection: Connection, ids: Iterable[int] | None = None) -> Iterator[ModelRows]:
    """Models in the order of their ids.

    Args:
        connection: in a transaction, so that the streams are of one moment.
        ids: of which models; all of them without.
    """
    wanted = None if ids is None else sorted(set(ids))
    if wanted == []:
        return
    streaming = connection.execution_options(stream_results=True, yield_per=_CHUNK)
    files = _OfModels(_rows(streaming, _files(wanted)))
    versions = _OfModels(_rows(streaming, _versions(wanted)))
    for model in _rows(streaming, _models(wanted)):
        its_versions = versions.of(model["id"])
        its_files = _by_version(files.of(model["id"]))
        for version in its_versions:
            version["files"] = its_files.get(version["id"], [])
        yield ModelRows(model, its_versions)


def _rows(connection: Connection, query: Select[Any]) -> Iterator[dict[str, Any]]:
    """Rows of a stream; several times faster than by their mappings."""
    found = connection.execute(query)
    names = tuple(found.keys())
    for some in found.partitions():
        for row in some:
            yield dict(zip(names, row))  # noqa: B905 - both are of one query, and this is a hot place


class _OfModels:
    """A stream of rows ordered by `modelId`, asked for one model after the other."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, model_id: int) -> list[dict[str, Any]]:
        found = []
        while self._next is not None and self._next["modelId"] <= model_id:
            if self._next["modelId"] == model_id:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _by_version(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Files of each version, from a row for each of their hashes."""
    found: dict[int, list[dict[str, Any]]] = {}
    for (version, _), same in groupby(rows, key=_VERSION_AND_FILE):
        hashes = list(same)
        file = {
            "format": hashes[0]["format"],
            "hashes": [
                {"hash": row["hash"].lower(), "type": row["type"]}
                for row in hashes
                if row["hash"] is not None
            ],
        }
        found.setdefault(version, []).append(file)
    return found


_VERSION_AND_FILE = itemgetter("version", "file")


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column whose values are taken as they come, where they would only be looked up among known words."""
    from sqlalchemy import Enum, String, type_coerce

    return type_coerce(column, String).label(column.name) if isinstance(column.type, Enum) else column


def _models(ids: list[int] | None) -> Select[Any]:
    from sqlalchemy import select

    from civgen.db.dialects import among
    from civgen.db.tables import table

    model, user = table("Model"), table("User")
    query = select(*(_plain(model.c[name]) for name in _MODEL), user.c.username)
    query = query.select_from(model.join(user, user.c.id == model.c.userId)).order_by(model.c.id)
    return query if ids is None else query.where(among(model.c.id, ids))


def _versions(ids: list[int] | None) -> Select[Any]:
    from sqlalchemy import Integer, column, exists, nulls_last, select
    from sqlalchemy import table as bare

    from civgen.db.dialects import among
    from civgen.db.schema import VIEW
    from civgen.db.tables import table

    version = table("ModelVersion")
    view = bare(VIEW, column("modelVersionId", Integer))
    # Asked for one version after the other: joined, the whole view would be made before the first row.
    covered = exists().where(view.c.modelVersionId == version.c.id).label("covered")
    query = select(*(_plain(version.c[name]) for name in _VERSION), covered)
    query = query.order_by(version.c.modelId, nulls_last(version.c.index), version.c.id)
    return query if ids is None else query.where(among(version.c.modelId, ids))


def _files(ids: list[int] | None) -> Select[Any]:
    from sqlalchemy import select

    from civgen.db.dialects import among
    from civgen.db.tables import table

    version, file, found = table("ModelVersion"), table("ModelFile"), table("ModelFileHash")
    columns = (
        version.c.modelId,
        version.c.id.label("version"),
        file.c.id.label("file"),
        file.c.metadata["format"].as_string().label("format"),
        found.c.hash,
        _plain(found.c.type),
    )
    joined = version.join(file, file.c.modelVersionId == version.c.id).outerjoin(
        found, found.c.fileId == file.c.id
    )
    query = (
        select(*columns)
        .select_from(joined)
        .order_by(version.c.modelId, version.c.id, file.c.id, found.c.type)
    )
    return query if ids is None else query.where(among(version.c.modelId, ids))
