"""The platform's tables, as far as generation needs them, with its own names, types, defaults and keys.

A copy of the platform's final state (August 2026), read from its schema. Left out are keys into tables
that are not here. Production's `Model` has a column more (`timeframe`), which is why everything
here and elsewhere lists its columns.

Imports SQLModel, so import this module inside the function that needs it.
"""
# ruff: noqa: N815 - the platform's column names

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

from civgen.db.dialects import CITEXT, JSONB, TIMESTAMP, TIMESTAMP_WITH_ZONE, array, default, enum

MODEL_STATUS = enum(
    "ModelStatus",
    *("Draft", "Published", "Unpublished", "GatherInterest", "Deleted", "UnpublishedViolation", "Scheduled"),
    "Training",
)
MODEL_TYPE = enum(
    "ModelType",
    *("Checkpoint", "TextualInversion", "Hypernetwork", "AestheticGradient", "LORA", "Controlnet", "Poses"),
    *("LoCon", "Wildcards", "Other", "Upscaler", "VAE", "Workflows", "MotionModule", "DoRA", "Detection"),
    *("TextEncoder", "UNet", "CLIPVision", "VisionLanguage", "CLIP", "LLM", "ComfyWorkflows"),
)
USAGE_CONTROL = enum(
    "ModelUsageControl", "Download", "Generation", "InternalGeneration", "ExternalGeneration"
)
AVAILABILITY = enum("Availability", "Public", "Private", "Unsearchable", "EarlyAccess")
COMMERCIAL_USE = enum("CommercialUse", "None", "Image", "Rent", "Sell", "RentCivit")
CHECKPOINT_TYPE = enum("CheckpointType", "Trained", "Merge")
UPLOAD_TYPE = enum("ModelUploadType", "Created", "Trained")
MODEL_MODIFIER = enum("ModelModifier", "Archived", "TakenDown")
TRAINING_STATUS = enum(
    "TrainingStatus",
    *("Pending", "Submitted", "Processing", "InReview", "Failed", "Approved", "Paused", "Denied", "Expired"),
)
SCAN_RESULT = enum("ScanResultCode", "Pending", "Success", "Danger", "Error")
FILE_VISIBILITY = enum("ModelFileVisibility", "Sensitive", "Private", "Public")
HASH_TYPE = enum("ModelHashType", "AutoV1", "AutoV2", "SHA256", "CRC32", "BLAKE3", "AutoV3")
AUCTION_TYPE = enum("AuctionType", "Model", "Image", "Collection", "Article")
FEE_TYPE = enum("LicensingFeeType", "PerImageBuzz")
FEE_CURRENCY = enum("LicensingFeeSettlementCurrency", "Buzz", "Cash")


class Platform(SQLModel, registry=registry()):
    """Root of the platform's tables; its metadata holds them and nothing else."""


def table(name: str) -> Table:
    """One of the platform's tables by its name."""
    return Platform.metadata.tables[name]


def _id() -> Any:
    return Field(default=None, sa_column=Column(Integer, primary_key=True))


def _needed(type_: TypeEngine[Any] | type[TypeEngine[Any]], *constraints: Any, **options: Any) -> Any:
    return Field(sa_column=Column(type_, *constraints, nullable=False, **options))


def _optional(type_: TypeEngine[Any] | type[TypeEngine[Any]], *constraints: Any, **options: Any) -> Any:
    return Field(default=None, sa_column=Column(type_, *constraints, nullable=True, **options))


def _else(value: Any, type_: TypeEngine[Any] | type[TypeEngine[Any]], *, nullable: bool = False) -> Any:
    return Field(default=value, sa_column=Column(type_, nullable=nullable, server_default=default(value)))


def _now() -> Any:
    column = Column(TIMESTAMP, nullable=False, server_default=func.current_timestamp())
    return Field(default=None, sa_column=column)


def _to(target: str, on_delete: str = "CASCADE") -> ForeignKey:
    return ForeignKey(target, ondelete=on_delete, onupdate="CASCADE")


class User(Platform, table=True):
    """A stub: the owner that a model must have."""

    __tablename__ = "User"

    id: int | None = _id()
    username: str | None = _optional(CITEXT, unique=True)


class Model(Platform, table=True):
    """A model: name, type, licence; its weights are in its versions."""

    __tablename__ = "Model"

    id: int | None = _id()
    name: str = _needed(CITEXT)
    description: str | None = _optional(Text)
    type: str = _needed(MODEL_TYPE)
    createdAt: datetime | None = _now()
    updatedAt: datetime = _needed(TIMESTAMP)
    nsfw: bool = _else(False, Boolean)
    tosViolation: bool = _else(False, Boolean)
    poi: bool = _else(False, Boolean)
    locked: bool = _else(False, Boolean)
    underAttack: bool = _else(False, Boolean)
    unlisted: bool = _else(False, Boolean)
    minor: bool = _else(False, Boolean)
    sfwOnly: bool = _else(False, Boolean)
    isOfficial: bool = _else(False, Boolean)
    userId: int = _needed(Integer, _to("User.id", "RESTRICT"))
    status: str = _else("Draft", MODEL_STATUS)
    fromImportId: int | None = _optional(Integer, unique=True)
    publishedAt: datetime | None = _optional(TIMESTAMP)
    lastVersionAt: datetime | None = _optional(TIMESTAMP)
    deletedAt: datetime | None = _optional(TIMESTAMP)
    scannedAt: datetime | None = _optional(TIMESTAMP)
    deletedBy: int | None = _optional(Integer, _to("User.id", "SET NULL"))
    meta: dict[str, Any] = _else({}, JSONB)
    allowDerivatives: bool = _else(True, Boolean)
    allowDifferentLicense: bool = _else(True, Boolean)
    allowNoCredit: bool = _else(True, Boolean)
    checkpointType: str | None = _optional(CHECKPOINT_TYPE)
    mode: str | None = _optional(MODEL_MODIFIER)
    uploadType: str = _else("Created", UPLOAD_TYPE)
    gallerySettings: dict[str, Any] = _else({"tags": [], "users": [], "images": []}, JSONB)
    availability: str = _else("Public", AVAILABILITY)
    allowCommercialUse: list[str] = _else(["Sell"], array(COMMERCIAL_USE))
    nsfwLevel: int = _else(0, Integer)
    lockedProperties: list[str] | None = _else([], array(Text()), nullable=True)


class ModelVersion(Platform, table=True):
    """A published or trained set of weights. `baseModel` is the display name, not the ecosystem's key."""

    __tablename__ = "ModelVersion"
    __table_args__ = (Index("ModelVersion_modelId_idx", "modelId"),)

    id: int | None = _id()
    modelId: int = _needed(Integer, _to("Model.id"))
    name: str = _needed(Text)
    description: str | None = _optional(Text)
    steps: int | None = _optional(Integer)
    epochs: int | None = _optional(Integer)
    clipSkip: int | None = _optional(Integer)
    index: int | None = _optional(Integer)
    createdAt: datetime | None = _now()
    updatedAt: datetime = _needed(TIMESTAMP)
    trainedWords: list[str] | None = _optional(array(Text()))
    status: str = _else("Draft", MODEL_STATUS)
    fromImportId: int | None = _optional(Integer)
    inaccurate: bool = _else(False, Boolean)
    requireAuth: bool = _else(False, Boolean)
    baseModel: str = _needed(Text)
    baseModelType: str = _else("Standard", Text)
    meta: dict[str, Any] = _else({}, JSONB)
    earlyAccessTimeFrame: int = _else(0, Integer)
    publishedAt: datetime | None = _optional(TIMESTAMP)
    initialPublishedAt: datetime | None = _optional(TIMESTAMP)
    vaeId: int | None = _optional(Integer, _to("ModelVersion.id", "SET NULL"))
    licensingSourceVersionId: int | None = _optional(Integer, _to("ModelVersion.id", "SET NULL"))
    trainingDetails: dict[str, Any] | None = _optional(JSONB)
    settings: dict[str, Any] | None = _optional(JSONB)
    trainingStatus: str | None = _optional(TRAINING_STATUS)
    availability: str = _else("Public", AVAILABILITY)
    nsfwLevel: int = _else(0, Integer)
    uploadType: str = _else("Created", UPLOAD_TYPE)
    usageControl: str = _else("Download", USAGE_CONTROL)
    flags: int = _else(0, Integer)
    licensingFee: float | None = _optional(Numeric(10, 2, asdecimal=False))
    licensingFeeType: str | None = _else("PerImageBuzz", FEE_TYPE, nullable=True)
    licensingFeeSettlementCurrency: str | None = _else("Buzz", FEE_CURRENCY, nullable=True)


class ModelFile(Platform, table=True):
    """A file of a version; `type` is text that only the application checks, `sizeKB` kilobytes."""

    __tablename__ = "ModelFile"
    __table_args__ = (Index("ModelFile_modelVersionId_idx", "modelVersionId"),)

    id: int | None = _id()
    modelVersionId: int = _needed(Integer, _to("ModelVersion.id"))
    name: str = _needed(Text)
    url: str = _needed(Text)
    sizeKB: float = _needed(Double)
    type: str = _else("Model", Text)
    createdAt: datetime | None = _now()
    pickleScanResult: str = _else("Pending", SCAN_RESULT)
    pickleScanMessage: str | None = _optional(Text)
    virusScanResult: str = _else("Pending", SCAN_RESULT)
    virusScanMessage: str | None = _optional(Text)
    scannedAt: datetime | None = _optional(TIMESTAMP)
    scanRequestedAt: datetime | None = _optional(TIMESTAMP)
    rawScanResult: dict[str, Any] | None = _optional(JSONB)
    # SQLAlchemy keeps the attribute name `metadata` for itself.
    file_metadata: dict[str, Any] | None = _optional(JSONB, name="metadata")
    headerData: dict[str, Any] | None = _optional(JSONB)
    exists: bool | None = _optional(Boolean)
    overrideName: str | None = _optional(Text)
    visibility: str = _else("Public", FILE_VISIBILITY)
    dataPurged: bool = _else(False, Boolean)
    replacedAt: datetime | None = _optional(TIMESTAMP_WITH_ZONE)


class ModelFileHash(Platform, table=True):
    """A hash of a file; one of each type."""

    __tablename__ = "ModelFileHash"

    fileId: int = Field(sa_column=Column(Integer, _to("ModelFile.id"), primary_key=True))
    type: str = Field(sa_column=Column(HASH_TYPE, primary_key=True))
    hash: str = _needed(CITEXT)
    createdAt: datetime | None = _now()


class EcosystemCheckpoints(Platform, table=True):
    """Versions that are covered whatever else is true. No key into ModelVersion; nobody reads `name`."""

    __tablename__ = "EcosystemCheckpoints"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str = _needed(Text)


class GenerationBaseModel(Platform, table=True):
    """Base models, by display name, whose resources generate."""

    __tablename__ = "GenerationBaseModel"

    baseModel: str = Field(sa_column=Column(Text, primary_key=True))


class CoveredCheckpoint(Platform, table=True):
    """Community checkpoints that generate. Nothing checks that the version belongs to the model."""

    __tablename__ = "CoveredCheckpoint"

    model_id: int = Field(sa_column=Column(Integer, _to("Model.id"), primary_key=True))
    version_id: int = Field(sa_column=Column(Integer, _to("ModelVersion.id"), primary_key=True))


class AuctionBase(Platform, table=True):
    """What is auctioned. `ecosystem` is a key, not a display name; null stands for every ecosystem."""

    __tablename__ = "AuctionBase"
    __table_args__ = (UniqueConstraint("type", "ecosystem"),)

    id: int | None = _id()
    type: str = _needed(AUCTION_TYPE)
    ecosystem: str | None = _optional(Text)
    name: str = _needed(Text, unique=True)
    slug: str = _needed(Text, unique=True)
    quantity: int = _needed(Integer)
    minPrice: int = _needed(Integer)
    active: bool = _else(True, Boolean)
    runForDays: int = _else(1, Integer)
    validForDays: int = _else(1, Integer)
    description: str | None = _optional(Text)
