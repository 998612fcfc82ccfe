"""The rows that the catalogue wants.

A wanted row is the change that would create it; its reason names the file that wants it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from civgen.catalog.catalog import Catalog
from civgen.catalog.files import BUILT_IN, Entry
from civgen.catalog.records import Ecosystem, Version
from civgen.db.changes import Create
from civgen.errors import InvalidInput, Problem

#: The user that owns the models of a database that civgen made itself; the platform's ids are positive.
OWNER = -1
#: How a reason ends that names no file of the workspace alone.
OF_THE_CATALOGUE = "(built in)"
#: What a new ecosystem's row of AuctionBase says, by the platform's own convention.
_AUCTION = {"quantity": 40, "minPrice": 100}


def curated_rows(catalog: Catalog) -> Iterator[Create]:
    """What makes the catalogue generatable: rows of EcosystemCheckpoints and GenerationBaseModel."""
    for ecosystem in _generating(catalog):
        file = _file(catalog.ecosystems[ecosystem.key])
        for version, _ in _offered(catalog, ecosystem):
            if version.coverage == "ecosystem-checkpoint":
                name = _label(ecosystem, version)
                yield Create("EcosystemCheckpoints", {"id": version.id}, {"name": name}, file)
        for base_model in ecosystem.base_models:
            if not base_model.disabled:
                yield Create("GenerationBaseModel", {"baseModel": base_model.name}, {}, file)


def auction_rows(catalog: Catalog, keys: Iterable[str]) -> Iterator[Create]:
    """The rows of AuctionBase for ecosystems, which it has by key, not by display name.

    Raises:
        NotFound: there is no such ecosystem.
        InvalidInput: nothing of an ecosystem can be auctioned, since only its own versions generate.
    """
    for key in dict.fromkeys(keys):
        ecosystem = catalog.ecosystem(key)
        if ecosystem.model_locked:
            message = f"{key} generates only with its own versions, so there is nothing to auction"
            raise InvalidInput(f"{message}.", details=[Problem("--auction", message, given=key)])
        values = {
            "name": f"Featured Resources - {ecosystem.name}",
            "slug": f"featured-resources-{key.lower()}",
            **_AUCTION,
        }
        file = _file(catalog.ecosystems[key])
        yield Create("AuctionBase", {"type": "Model", "ecosystem": key}, values, file)


def model_rows(catalog: Catalog) -> Iterator[Create]:
    """The models and versions that the catalogue offers, for a database where nobody publishes any."""
    for ecosystem in _generating(catalog):
        file = _file(catalog.ecosystems[ecosystem.key])
        for version, base_model in _offered(catalog, ecosystem):
            model_id = version.model_id or stand_in(ecosystem)
            yield _model(ecosystem, model_id, file)
            yield _version(version, model_id, base_model, file)


def stand_in(ecosystem: Ecosystem) -> int:
    """Id of the model that versions hang on whose real model the catalogue does not know.

    Below zero, where the platform has none: nobody takes it for the number of a real model.
    """
    return -ecosystem.id


def _generating(catalog: Catalog) -> Iterator[Ecosystem]:
    for ecosystem in catalog.all_ecosystems():
        if ecosystem.engine and ecosystem.support.generation:
            yield ecosystem


def _offered(catalog: Catalog, ecosystem: Ecosystem) -> Iterator[tuple[Version, str]]:
    """Its versions with the display name of their base model, without those of a disabled one."""
    disabled = {base_model.name for base_model in ecosystem.base_models if base_model.disabled}
    for version in ecosystem.versions:
        base_model = catalog.base_model_of(version, ecosystem)
        if base_model is not None and base_model not in disabled:
            yield version, base_model


def _model(ecosystem: Ecosystem, model_id: int, file: str) -> Create:
    values = {"name": ecosystem.name, "type": "Checkpoint", "userId": OWNER, "status": "Published"}
    return Create("Model", {"id": model_id}, values, file)


def _version(version: Version, model_id: int, base_model: str, file: str) -> Create:
    usage = "ExternalGeneration" if version.coverage == "external" else "Download"
    values = {
        "modelId": model_id,
        "name": version.label,
        "baseModel": base_model,
        "status": "Published",
        "usageControl": usage,
    }
    return Create("ModelVersion", {"id": version.id}, values, file)


def _label(ecosystem: Ecosystem, version: Version) -> str:
    """The ecosystem and the version in words, for instance `Chroma v1.0 HD`."""
    said = version.label.lower().startswith((ecosystem.name.lower(), ecosystem.key.lower()))
    return version.label if said else f"{ecosystem.name} {version.label}"


def _file(entry: Entry[Ecosystem]) -> str:
    """The file that says it, by its place in the catalogue or in the workspace."""
    path = entry.files[0].path
    name = f"{path.parent.name}/{path.name}"
    if not path.is_relative_to(BUILT_IN):
        return name
    return (
        f"{name} (built in, changed by the workspace)"
        if len(entry.files) > 1
        else f"{name} {OF_THE_CATALOGUE}"
    )
