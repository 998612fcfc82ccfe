"""What `civgen search`, `civgen resources` and `civgen status` answer."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from civgen.results.following import Following


class SettingChange(TypedDict):
    """A setting of the index that differs.

    Attributes:
        name: The server's.
        now: As it is.
        wanted: As it should be.
        reindex: Whether setting it makes the server go through all documents.
    """

    name: str
    now: Any
    wanted: Any
    reindex: bool


class DocumentDifference(TypedDict):
    """A document that is not as rows say.

    Attributes:
        id: Number of the model.
        state: missing, stale or orphaned.
        name: Of the model.
        why: What is different.
    """

    id: int
    state: str
    name: str | None
    why: str


class SearchPlan(Following):
    """All that differs between rows and index.

    Attributes:
        index: Where it is.
        exists: Whether it is there.
        counts: How many documents are in which state.
        documents: Those that differ.
        settings: Those that differ.
        reindex: Whether the settings make the server go through all documents.
    """

    index: str
    exists: bool
    counts: dict[str, int]
    documents: list[DocumentDifference]
    settings: list[SettingChange]
    reindex: bool


class SyncCounts(TypedDict):
    """What was written to the index.

    Attributes:
        written: Documents that were missing or stale.
        removed: Documents that were orphaned.
        tasks: Of the server; all have succeeded.
        settings: Names of settings that were set.
    """

    written: int
    removed: int
    tasks: int
    settings: list[str]


class Synced(SyncCounts, Following):
    """What was written to the index."""


class SettingsShown(Following):
    """The settings of the index that differ.

    Attributes:
        settings: Those that differ, or did.
        applied: Whether they were set.
    """

    settings: list[SettingChange]
    applied: bool


class IndexStatus(Following):
    """Where the index is, and what it has.

    Attributes:
        index: Where it is.
        exists: Whether it is there.
        documents: How many it has.
        pending: How many changes of rows it has not seen.
        settings: as wanted, or differ.
    """

    index: str
    exists: bool
    documents: int
    pending: int
    settings: str


class Found(TypedDict):
    """Models that were found.

    Attributes:
        total: How many there are, on all pages.
        hits: Documents of the index, as they are there.
        facets: How many models have which value, by attribute.
    """

    total: int
    hits: list[dict[str, Any]]
    facets: dict[str, dict[str, int]]


class IndexedVersion(TypedDict):
    """A version of a model, and whether it generates.

    Attributes:
        id: Of the version.
        name: Of the version.
        status: Of the version.
        covered: Whether rows let it generate.
        canGenerate: What the document says.
    """

    id: int
    name: str
    status: str
    covered: bool
    canGenerate: bool


class Explained(Following):
    """Whether a model belongs into the index, and what its document lacks.

    Attributes:
        model: Its number.
        name: Null when the database does not know it.
        action: What is to be done: index, or remove.
        why: In words.
        notes: What else is odd.
        document: current, stale, missing, orphaned or absent.
        differs: Attributes that the document has otherwise.
        canGenerate: Whether one of its versions does.
        versions: One after the other.
        do: The command that makes rows and index agree; null when they do.
    """

    model: int
    name: str | None
    action: str
    why: str
    notes: list[str]
    document: str
    differs: list[str]
    canGenerate: bool
    versions: list[IndexedVersion]
    do: str | None


class Pick(TypedDict):
    """A version that may be used in a request.

    Attributes:
        id: As --resource takes it.
        modelId: Number of its model.
        name: Of the model.
        version: Name of the version.
        type: Model type.
        baseModel: As the version stores it.
        support: full, or partial where the two ecosystems differ a little.
        official: Whether the platform offers it itself.
        trainedWords: Words that bring it out.
    """

    id: int
    modelId: int
    name: str
    version: str
    type: str
    baseModel: str
    support: str
    official: bool
    trainedWords: list[str]


class Picks(Following):
    """A page of versions that may be used.

    Attributes:
        resources: Official ones first.
        cursor: What --cursor takes for the following page; null after the last.
    """

    resources: list[Pick]
    cursor: int | None


class StatusStep(TypedDict):
    """One step on the way from a file to a model that is found.

    Attributes:
        name: catalogue, database, index or generating.
        says: How it stands.
        open: How many things are to be done.
        do: The command that does them; null when there are none.
    """

    name: str
    says: str
    open: int
    do: str | None


class ContractVersion(TypedDict):
    """The contract that steps are held against.

    Attributes:
        version: Of the orchestrator's document.
        date: The day it is from, when that is known.
        sha256: The first 12 digits.
    """

    version: str
    date: str | None
    sha256: str


class WholeStatus(Following):
    """Everything at one glance.

    Attributes:
        environment: Of civgen.toml.
        steps: In the order in which they are done.
        contract: What steps are held against.
    """

    environment: str
    steps: list[StatusStep]
    contract: ContractVersion
