"""Models with their versions and files, read from the database in one pass.

Three ordered streams (models, versions, files) are merged by the model's id: however many models
there are, there are three queries, and one model at a time in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

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


@dataclass(frozen=True, slots=True)
class ModelRows:
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
    files = _Grouped(streaming, _files(wanted))
    versions = _Grouped(streaming, _versions(wanted))
    for model in _rows(streaming, _models(wanted)):
        its_files: dict[int, list[Row]] = {}
        for file in files.of(model["id"]):
            its_files.setdefault(file["version"], []).append(file)
        yield ModelRows(
            model,
            [
                {
                    **row,
                    "covered": bool(row["covered"]),
                    "files": list(_with_hashes(its_files.get(row["id"], []))),
                }
                for row in versions.of(model["id"])
            ],
        )


def _rows(connection: Connection, query: Select[Any]) -> Iterator[dict[str, Any]]:
    """Rows of a stream; several times faster than by their mappings."""
    found = connection.execute(query)
    names = tuple(found.keys())
    for some in found.partitions():
        for row in some:
            yield dict(zip(names, row, strict=True))


class _Grouped:
    """A stream of rows ordered by `modelId`, asked for one model after the other."""

    def __init__(self, connection: Connection, query: Select[Any]) -> None:
        self._groups = groupby(_rows(connection, query), key=itemgetter("modelId"))
        self._next: tuple[Any, Iterator[Row]] | None = next(self._groups, None)

    def of(self, model_id: int) -> list[Row]:
        while self._next is not None and self._next[0] < model_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != model_id:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _with_hashes(rows: list[Row]) -> Iterator[dict[str, Any]]:
    for _, same in groupby(rows, key=itemgetter("file")):
        file = list(same)
        hashes = [
            {"hash": row["hash"].lower(), "type": row["type"]} for row in file if row["hash"] is not None
        ]
        yield {"format": file[0]["format"], "hashes": hashes}


def _models(ids: list[int] | None) -> Select[Any]:
    from sqlalchemy import select

    from civgen.db.dialects import among
    from civgen.db.tables import table

    model, user = table("Model"), table("User")
    query = select(*(model.c[name] for name in _MODEL), user.c.username)
    query = query.select_from(model.join(user, user.c.id == model.c.userId)).order_by(model.c.id)
    return query if ids is None else query.where(among(model.c.id, ids))


def _versions(ids: list[int] | None) -> Select[Any]:
    from sqlalchemy import Boolean, Integer, column, nulls_last, select
    from sqlalchemy import table as bare

    from civgen.db.dialects import among
    from civgen.db.schema import VIEW
    from civgen.db.tables import table

    version = table("ModelVersion")
    view = bare(VIEW, column("modelVersionId", Integer), column("covered", Boolean))
    query = select(*(version.c[name] for name in _VERSION), view.c.covered)
    query = query.select_from(version.outerjoin(view, view.c.modelVersionId == version.c.id))
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
        found.c.type,
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
