"""What `civgen list`, `show`, `compat`, `air` and `export` answer."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict


class EcosystemRow(TypedDict):
    """An ecosystem in a listing.

    Attributes:
        key: As --ecosystem takes it.
        media: What its base models make: image, video.
        generates: Whether an engine serves it.
        description: What it is, in a line.
        family: Key of who makes it.
        parent: Key of the ecosystem that it descends from.
        workflows: Workflow keys that it serves.
        supports: Model types that may be used in a request.
    """

    key: str
    media: list[str]
    generates: bool
    description: str
    family: str | None
    parent: str | None
    workflows: list[str]
    supports: list[str]


class BaseModelRow(TypedDict):
    """A base model in a listing.

    Attributes:
        id: The platform's number.
        name: As model versions store it.
        ecosystem: Key of the one that it belongs to.
        media: What it makes.
        generates: Whether it can be generated with.
        hidden: Whether people are not shown it.
        disabled: Whether it is switched off.
        license: Key of its licence.
        family: Key of who makes it.
        workflows: Workflow keys of its ecosystem.
        supports: Model types that may be used in a request.
    """

    id: int
    name: str
    ecosystem: str
    media: list[str]
    generates: bool
    hidden: bool
    disabled: bool
    license: str | None
    family: str | None
    workflows: list[str]
    supports: list[str]


class VersionRow(TypedDict):
    """A model version in a listing.

    Attributes:
        id: The platform's number, as --model takes it.
        label: What people call it.
        ecosystem: Key of the one that offers it.
        model_id: Number of its model.
        default: Whether it is used where none is named.
        workflows: Workflow keys that it serves.
        coverage: What makes it generatable.
    """

    id: int
    label: str
    ecosystem: str
    model_id: int | None
    default: bool
    workflows: list[str]
    coverage: str | None


class EngineRow(TypedDict):
    """An engine in a listing.

    Attributes:
        key: As ecosystems name it.
        media: What it makes.
        step: Step type of the orchestrator.
        ecosystems: Keys of those that it serves.
        description: What it is, in a line.
    """

    key: str
    media: str
    step: str
    ecosystems: list[str]
    description: str


class Record(TypedDict):
    """An entry of another kind, as its TOML file says it; what is not said there is left out."""

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012


class Shown(TypedDict):
    """All that is known of a name, as its TOML file says it.

    Attributes:
        kind: ecosystem, base model, version, engine, licence, sampler, and so on.
        next: Commands that lead on.
    """

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012
    kind: str
    next: list[str]


class ShownAmongOthers(TypedDict):
    """One of several things that have the name, as its TOML file says it.

    Attributes:
        kind: ecosystem, base model, version, engine, licence, sampler, and so on.
    """

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012
    kind: str


class Compatibility(TypedDict):
    """Whether an add-on fits a checkpoint.

    Attributes:
        checkpoint: Key of its ecosystem.
        addon: Key of the add-on's ecosystem.
        type: Model type of the add-on.
        support: full, partial or none.
        why: In words.
    """

    checkpoint: str
    addon: str
    type: str
    support: str
    why: str


class Air(TypedDict):
    """What every part of an AIR means.

    Attributes:
        air: In full.
        ecosystem: The segment.
        ecosystems: Keys of those that have this segment.
        type: The segment.
        modelType: Type of a model row; null when there is none for it.
        source: The segment.
        meaning: What the source says of id and version.
        id: Of the model.
        version: Of the model; a number for those of the platform.
        file: In the layer behind the version.
        format: Of the file.
        known: What the catalogue calls it; null when it does not know it.
        remarks: What is odd about it.
    """

    air: str
    ecosystem: str | None
    ecosystems: list[str]
    type: str | None
    modelType: str | None
    source: str
    meaning: str | None
    id: str
    version: str | None
    file: str | None
    format: str | None
    known: str | None
    remarks: list[str]


class HostWritten(TypedDict):
    """The modules of a host that a layout asks for.

    Attributes:
        dry_run: Whether nothing was written: under --dry-run and --check.
        written: Paths below --out of the modules that were written, or would be.
        unchanged: Paths of those that say already what they should.
        diff: What changes, as a unified diff.
    """

    dry_run: bool
    written: list[str]
    unchanged: list[str]
    diff: str


class Written(TypedDict):
    """What was written to files.

    Attributes:
        written: The files.
    """

    written: list[str]


#: The rows of `civgen list`, by what is listed.
Listing = list[EcosystemRow] | list[BaseModelRow] | list[VersionRow] | list[EngineRow] | list[Record]
#: All that has a name; nearly always that is one thing.
Named = Shown | list[ShownAmongOthers]
#: The catalogue itself, or where it was written to; with a layout the modules of a host.
Exported = HostWritten | Written | dict[str, Any]
