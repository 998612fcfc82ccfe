"""One resource as a user must know it: what it is, how strong, what it costs, whether they may use it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from civgen.air import TYPE_SEGMENTS, model_version_air
from civgen.catalog import Catalog
from civgen.db.resource import Facts, PaidAccess
from civgen.db.training import Epoch
from civgen.errors import NotFound
from civgen.jobs.access import Person, is_private, obstacles

#: What strength is where a version says nothing: the platform's own (generation.schema).
STRENGTH = {"min": -1, "max": 2, "default": 1}
#: Up to this size an added resource costs nothing, in KB; nor does a resource of these types.
FREE_KB, FREE_TYPES = 10 * 1024, ("VAE", "Checkpoint")
#: What an AIR calls a resource by the type of its file, in place of the model's.
_BY_FILE = {"Diffusion Model": "diffusionmodel", "UNet": "unet"}


def resource_card(
    facts: Facts, person: Person, catalog: Catalog, now: datetime, epoch: int | None = None
) -> dict[str, Any]:
    """All that there is to know of a resource.

    Args:
        now: in UTC without a zone.
        epoch: number of a training epoch, in place of the version itself.

    Returns:
        `{"id", "name", "type", "air", "baseModel", "ecosystem", "strength": {"min", "max", "default"},
        "trainedWords", "status", "availability", "owner", "covered", "through", "fees", "training", "epoch",
        "alias", "private", "canGenerate", "obstacles": [{"name", "why"}]}`.

    Raises:
        NotFound: there is no such epoch, or no longer.
    """
    chosen = None if epoch is None else _epoch(facts, epoch, now)
    version, model = facts.version, facts.model
    against = list(obstacles(facts, person, catalog, now, epoch=chosen is not None))
    return {
        "id": version["id"],
        "name": f"{model['name']} {version['name']}",
        "type": model["type"],
        "air": _air(facts, chosen, catalog),
        "baseModel": version["baseModel"],
        "ecosystem": catalog.ecosystem_of(version["baseModel"]),
        "strength": strength_of(version["settings"]),
        "trainedWords": version["trainedWords"] or [],
        "status": version["status"],
        "availability": version["availability"],
        "owner": model["userId"],
        "covered": bool(facts.coverage.through),
        "through": facts.coverage.through,
        "fees": _fees(facts),
        "training": facts.training.as_json(now) if facts.training else None,
        "epoch": epoch,
        "alias": (version["meta"] or {}).get("generationAlias"),
        "private": chosen is not None or is_private(facts),
        "canGenerate": not against,
        "obstacles": [one.as_json() for one in against],
    }


def strength_of(settings: Any) -> dict[str, Any]:
    """The strengths that a version takes, and the one that it starts with."""
    said = {"min": "minStrength", "max": "maxStrength", "default": "strength"}
    # The column takes any JSON; what is no table of settings says nothing.
    known = settings if isinstance(settings, Mapping) else {}
    given = {name: known.get(key) for name, key in said.items()}
    return {name: STRENGTH[name] if value is None else value for name, value in given.items()}


def _epoch(facts: Facts, number: int, now: datetime) -> Epoch:
    if facts.training is None:
        status = facts.version["status"]
        why = (
            "it is published, and generates as itself"
            if status == "Published"
            else "no training is on record"
        )
        raise NotFound(
            f"Version {facts.version['id']} has no epoch {number}: {why}.", hint="Leave --epoch out."
        )
    return facts.training.epoch(number, now)


def _air(facts: Facts, epoch: Epoch | None, catalog: Catalog) -> str | None:
    home = catalog.ecosystem_of(facts.version["baseModel"])
    if home is None or facts.model["id"] < 0:  # below zero is a stand-in for a model that nobody knows
        return None
    ecosystem, kind = catalog.ecosystem(home).air or "other", facts.model["type"]
    if epoch is not None:
        return epoch.air(ecosystem, TYPE_SEGMENTS.get(kind, "unknown"))
    file = facts.file[0] if facts.file else None
    air = model_version_air(ecosystem, kind, facts.model["id"], facts.version["id"])
    return (
        air if file not in _BY_FILE else air.replace(f":{TYPE_SEGMENTS.get(kind)}:", f":{_BY_FILE[file]}:", 1)
    )


def _fees(facts: Facts) -> dict[str, Any]:
    """What using it may cost; `additional`: as an added resource, unless the platform features it."""
    version = facts.version
    size = facts.file[1] if facts.file else None
    small = size is not None and size <= FREE_KB
    licensing = version["licensingFee"] and {
        "amount": version["licensingFee"],
        "per": version["licensingFeeType"],
        "currency": version["licensingFeeSettlementCurrency"],
    }
    additional = facts.model["type"] not in FREE_TYPES and not small
    return {"additional": additional, "sizeKB": size, "licensing": licensing, "access": _access(facts.paid)}


def _access(paid: PaidAccess | None) -> dict[str, Any] | None:
    if paid is None:
        return None
    return {"endsAt": paid.ends and f"{paid.ends.isoformat()}Z", "terms": dict(paid.terms)}
