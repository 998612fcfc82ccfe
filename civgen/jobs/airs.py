"""AIRs explained, and built from what is known of a model version."""

from __future__ import annotations

from typing import Any

from civgen.air import MODEL_TYPES, Air, parse_air
from civgen.catalog import Catalog
from civgen.errors import NotFound
from civgen.jobs.platform import Platform
from civgen.jobs.resources import Finder

_SOURCES = {
    "civitai": "a model version of the platform: model id and version id",
    "orchestrator": "a file that a job made: job id, or `blob`, and file name",
    "civitai-r2": "a file of the platform's own workers",
    "huggingface": "a repository of Hugging Face",
}


def explain_air(text: str, catalog: Catalog) -> dict[str, Any]:
    """What every part of an AIR means, and what is odd about it.

    Raises:
        InvalidInput: it is no AIR.
    """
    air = parse_air(text)
    known = _known_version(air, catalog)
    return {
        "air": str(air),
        "ecosystem": air.ecosystem,
        "ecosystems": _ecosystems(air, catalog),
        "type": air.type,
        "modelType": MODEL_TYPES.get((air.type or "").lower()),
        "source": air.source,
        "meaning": _SOURCES.get(air.source.lower()),
        "id": air.id,
        "version": air.version,
        "file": air.file,
        "format": air.format,
        "known": known,
        "remarks": _remarks(text, air, catalog),
    }


def air_of_version(version_id: int, platform: Platform) -> str:
    """The AIR of a model version that the catalogue or the database knows.

    Raises:
        NotFound: neither does, or its model id is not known.
    """
    found = Finder(platform, [], [version_id])
    air = found.air(version_id)
    if air is None:
        known = found.record(version_id) is not None
        lacking = "its model id is not known" if known else "neither the catalogue nor the database knows it"
        raise NotFound(
            f"No AIR can be built for the model version {version_id}: {lacking}.",
            hint="Add model_id to its table in the ecosystem's file, or apply its rows to the database.",
        )
    return air


def _ecosystems(air: Air, catalog: Catalog) -> list[str]:
    segment = (air.ecosystem or "").lower()
    return [one.key for one in catalog.all_ecosystems() if one.air == segment]


def _known_version(air: Air, catalog: Catalog) -> str | None:
    found = catalog.version(int(air.version)) if air.version and air.version.isdecimal() else None
    return f"{found[1].name} {found[0].label}" if found else None


def _remarks(text: str, air: Air, catalog: Catalog) -> list[str]:
    remarks = []
    if not text.lower().startswith("urn:air:"):
        remarks.append("a short form; the full one is shown as air")
    if air.ecosystem and not _ecosystems(air, catalog):
        remarks.append(f"no ecosystem of the catalogue has the segment {air.ecosystem}")
    if air.type and air.type.lower() not in MODEL_TYPES:
        remarks.append(f"{air.type} is no type of a model row")
    if air.version and ":" in air.version:
        remarks.append("the orchestrator takes this version, the platform's client does not")
    return remarks
