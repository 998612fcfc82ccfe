"""The coverage rule itself: conditions in three branches, as SQL over a version and its model.

A version is covered when all conditions of one branch hold. This is the platform's view
GenerationCoverage as of 29 May 2026. What it does not look at (the model's status, flags, minor,
results of scans) is for others to check.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, exists, func, not_, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from civgen.db.dialects import has_key, overlaps
from civgen.db.tables import table

LICENSES = ("RentCivit", "Rent", "Sell")
FILE_TYPES = ("Model", "Pruned Model", "Diffusion Model", "UNet", "Negative", "VAE")
FORMATS_LEFT_OUT = ("Diffusers", "Core ML", "ONNX")
ADDONS = ("LORA", "TextualInversion", "VAE", "LoCon", "DoRA")

_MODEL, _VERSION, _FILE = table("Model").c, table("ModelVersion").c, table("ModelFile").c
#: Every version beside its model.
VERSIONS = table("ModelVersion").join(table("Model"), _MODEL.id == _VERSION.modelId)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be true for a branch: what it asks for in words, and in SQL."""

    branch: str
    name: str
    asks: str
    sql: ColumnElement[bool]


def _exists(name: str, column: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(table(name).c[column] == value)


def _usable_file() -> ColumnElement[bool]:
    file_format = func.coalesce(_FILE.metadata["format"].as_string(), "")
    scanned = and_(
        _FILE.scannedAt.is_not(None), _FILE.type.in_(FILE_TYPES), file_format.not_in(FORMATS_LEFT_OUT)
    )
    # Training results count whatever they hold, JSON's null included, and need no scan.
    usable = or_(scanned, has_key(_FILE.metadata, "trainingResults"))
    return exists().where(_FILE.modelVersionId == _VERSION.id, usable)


def _usable_type() -> ColumnElement[bool]:
    listed = _exists("CoveredCheckpoint", "version_id", _VERSION.id)
    checkpoint = and_(_MODEL.type == "Checkpoint", _VERSION.baseModelType == "Standard", listed)
    return or_(_MODEL.type.in_([*ADDONS, "Upscaler"]), checkpoint)


CONDITIONS = (
    Condition(
        "curated",
        "listed",
        "the version is in EcosystemCheckpoints",
        _exists("EcosystemCheckpoints", "id", _VERSION.id),
    ),
    Condition(
        "external",
        "usage-control",
        "the version's usageControl is ExternalGeneration",
        _VERSION.usageControl == "ExternalGeneration",
    ),
    Condition("external", "published", "the version is Published", _VERSION.status == "Published"),
    Condition("external", "not-poi", "the model shows no real person (poi)", not_(_MODEL.poi)),
    Condition("regular", "not-poi", "the model shows no real person (poi)", not_(_MODEL.poi)),
    Condition(
        "regular",
        "available",
        "the version is Published, or the model is Private or its uploadType Trained",
        or_(_VERSION.status == "Published", _MODEL.availability == "Private", _MODEL.uploadType == "Trained"),
    ),
    Condition(
        "regular",
        "license",
        f"the model's allowCommercialUse has one of {', '.join(LICENSES)}",
        overlaps(_MODEL.allowCommercialUse, LICENSES),
    ),
    Condition(
        "regular",
        "file",
        f"the version has a scanned file of type {', '.join(FILE_TYPES)} in a format other than "
        f"{', '.join(FORMATS_LEFT_OUT)}, or a file with training results",
        _usable_file(),
    ),
    Condition(
        "regular",
        "base-model",
        "the version's baseModel is in GenerationBaseModel, or the model is an Upscaler",
        or_(_exists("GenerationBaseModel", "baseModel", _VERSION.baseModel), _MODEL.type == "Upscaler"),
    ),
    Condition(
        "regular",
        "type",
        f"the model is one of {', '.join(ADDONS)}, Upscaler, or a Checkpoint whose version is of "
        "baseModelType Standard and in CoveredCheckpoint",
        _usable_type(),
    ),
)


def covered_versions() -> Select[Any]:
    """The query behind the view: `modelId`, `modelVersionId` and `covered` (true) of what is covered."""
    covered = or_(*(and_(*(condition.sql for condition in branch)) for branch in _branches()))
    columns = (_MODEL.id.label("modelId"), _VERSION.id.label("modelVersionId"), true().label("covered"))
    return select(*columns).select_from(VERSIONS).where(covered)


def _branches() -> Iterator[list[Condition]]:
    for _, branch in groupby(CONDITIONS, key=lambda condition: condition.branch):
        yield list(branch)
