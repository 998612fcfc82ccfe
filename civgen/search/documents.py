"""Documents of the models index: one a model, its versions within, in the platform's shape.

What the subset of tables does not know (metrics, tags, images, category, cosmetics, paid access) is
left out, and stays in documents that have it: they are merged, never replaced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from civgen.search.membership import is_shown
from civgen.search.reading import ModelRows

Document = dict[str, Any]
#: Whether a base model, by display name, generates with models of a type.
Generates = Callable[[str, str], bool]

#: Attribute that holds the hash of all that civgen writes of a document.
HASH = "contentHash"
GENERATION_DISABLED = 2

_PERMISSIONS = (
    "allowNoCredit",
    "allowCommercialUse",
    "allowDerivatives",
    "allowDifferentLicense",
    "minor",
    "sfwOnly",
)
_SCALARS = (
    "id",
    "name",
    "type",
    "nsfw",
    "minor",
    "sfwOnly",
    "status",
    "locked",
    "mode",
    "checkpointType",
    "availability",
    "poi",
    "isOfficial",
)
_OF_A_VERSION = (
    "id",
    "name",
    "nsfwLevel",
    "flags",
    "trainedWords",
    "baseModel",
    "baseModelType",
    "settings",
    "steps",
    "epochs",
    "clipSkip",
)


def document_of(rows: ModelRows, generates: Generates) -> Document:
    """The document of a model that belongs into the index, but for its hash."""
    model = rows.model
    shown = [one for one in rows.versions if is_shown(one)]
    versions = [_version(one, model["type"], generates) for one in shown]
    created, last = model["createdAt"], model["lastVersionAt"]
    return {
        **{name: model[name] for name in _SCALARS},
        "createdAt": _iso(created),
        "lastVersionAt": _iso(last),
        "publishedAt": _iso(model["publishedAt"]),
        "nsfwLevel": bits(model["nsfwLevel"]),
        "lastVersionAtUnix": _unix(last or created),
        "user": {"id": model["userId"], "username": model["username"]},
        "permissions": {name: model[name] for name in _PERMISSIONS},
        "version": _first(versions[0], covered=shown[0]["covered"]),
        "versions": versions,
        "triggerWords": _unique([word for one in versions for word in one["trainedWords"]]),
        "fileFormats": _unique([file["format"] for one in shown for file in one["files"] if file["format"]]),
        "hashes": _unique([found for one in versions for found in one["hashes"]]),
        "canGenerate": any(map(_CAN_GENERATE, versions)),
        "cannotPromote": bool((model["meta"] or {}).get("cannotPromote", False)),
    }


def as_json(document: Document) -> bytes:
    """A document as JSON: in a third of the usual time, unless it has a whole number beyond 64 bits."""
    import orjson

    try:
        return orjson.dumps(document)
    except TypeError:
        from pydantic_core import to_json

        return to_json(document)


def hashed(document: Document, shape: int) -> bytes:
    """Put the content hash into a document: of what civgen writes of it, with the version of its shape.

    Returns:
        The document as JSON, which the hash needs anyway.
    """
    body = as_json(document)
    said = document[HASH] = f"{shape}:{hashlib.blake2b(body, digest_size=16).hexdigest()}"
    return body[:-1] + f',"{HASH}":"{said}"}}'.encode()


def merged(there: Mapping[str, Any], ours: Document) -> Document:
    """A document of ours over the one that is there, so that nothing that others wrote is lost.

    The server merges documents by their top-level names alone; versions lie deeper.
    """
    known = {
        one["id"]: one for one in there.get("versions") or [] if isinstance(one, Mapping) and "id" in one
    }
    first = there.get("version")
    same = isinstance(first, Mapping) and first.get("id") == ours["version"]["id"]
    versions = [{**known.get(one["id"], {}), **one} for one in ours["versions"]]
    return {**ours, "versions": versions, "version": {**(first if same and first else {}), **ours["version"]}}


def bits(level: int) -> list[int]:
    """The single bits of a level.

    >>> bits(5)
    [1, 4]
    """
    return [1 << place for place in range(level.bit_length()) if level >> place & 1]


def _version(row: Mapping[str, Any], model_type: str, generates: Generates) -> Document:
    files = row["files"]
    version: Document = {name: row[name] for name in _OF_A_VERSION}
    version["createdAt"] = _iso(row["createdAt"])
    version["trainedWords"] = row["trainedWords"] or []
    version["hashData"] = [found for file in files for found in file["hashes"]]
    version["hashes"] = _unique([found["hash"] for found in version["hashData"]])
    enabled = not row["flags"] & GENERATION_DISABLED
    version["canGenerate"] = row["covered"] and enabled and generates(row["baseModel"], model_type)
    return version


_CAN_GENERATE = itemgetter("canGenerate")


def _first(version: Document, *, covered: bool) -> Document:
    """A version as it stands alone: the platform tells its coverage otherwise than in the list."""
    first = version.copy()
    del first["canGenerate"]
    if covered:
        first["generationCoverage"] = {"covered": True}
    return first


def _unique(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values)) if len(values) > 1 else values


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat("T", "milliseconds") + "Z" if moment else None


_EPOCH = datetime(1970, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)


def _unix(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
