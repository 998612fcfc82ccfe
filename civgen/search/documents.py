"""Documents of the models index: one a model, its versions within, in the platform's shape.

What the subset of tables does not know (metrics, tags, images, category, cosmetics, paid access) is
left out, and stays in documents that have it: they are merged, never replaced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
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
    document: Document = {name: model[name] for name in _SCALARS}
    document |= {name: _iso(model[name]) for name in ("createdAt", "lastVersionAt", "publishedAt")}
    document["nsfwLevel"] = bits(model["nsfwLevel"])
    document["lastVersionAtUnix"] = _unix(model["lastVersionAt"] or model["createdAt"])
    document["user"] = {"id": model["userId"], "username": model["username"]}
    document["permissions"] = {name: model[name] for name in _PERMISSIONS}
    document["version"] = {**_without(versions[0], "canGenerate"), **_coverage(shown[0])}
    document["versions"] = versions
    document["triggerWords"] = _unique(word for one in shown for word in one["trainedWords"] or [])
    document["fileFormats"] = _unique(
        file["format"] for one in shown for file in one["files"] if file["format"]
    )
    document["hashes"] = _unique(found for one in versions for found in one["hashes"])
    document["canGenerate"] = any(one["canGenerate"] for one in versions)
    document["cannotPromote"] = bool((model["meta"] or {}).get("cannotPromote", False))
    return document


def hashed(document: Document, shape: int) -> bytes:
    """Put the content hash into a document: of what civgen writes of it, with the version of its shape.

    Returns:
        The document as JSON, which the hash needs anyway.
    """
    from pydantic_core import to_json

    body = to_json(document)
    document[HASH] = f"{shape}:{hashlib.blake2b(body, digest_size=16).hexdigest()}"
    return b'%s,"%s":"%s"}' % (body[:-1], HASH.encode(), document[HASH].encode())


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
    version: Document = {name: row[name] for name in _OF_A_VERSION}
    version["createdAt"] = _iso(row["createdAt"])
    version["trainedWords"] = row["trainedWords"] or []
    version["hashData"] = [found for file in row["files"] for found in file["hashes"]]
    version["hashes"] = _unique(found["hash"] for found in version["hashData"])
    enabled = not row["flags"] & GENERATION_DISABLED
    version["canGenerate"] = row["covered"] and enabled and generates(row["baseModel"], model_type)
    return version


def _coverage(row: Mapping[str, Any]) -> Document:
    return {"generationCoverage": {"covered": True}} if row["covered"] else {}


def _without(document: Mapping[str, Any], name: str) -> Document:
    return {key: value for key, value in document.items() if key != name}


def _unique(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _iso(moment: datetime | None) -> str | None:
    return f"{moment.isoformat(timespec='milliseconds')}Z" if moment else None


def _unix(moment: datetime) -> int:
    from datetime import UTC

    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)
