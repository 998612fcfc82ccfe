"""The licences of a request's model, and what they ask of whoever uses the outcome."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.catalog.records import License
from civgen.jobs.platform import Platform
from civgen.jobs.request import Request
from civgen.jobs.resources import Resolution


def obligations(request: Request, resolution: Resolution, platform: Platform) -> Iterator[str]:
    """What whoever uses the outcome must see to, in words."""
    for licence in licences_of(request, resolution, platform):
        if licence.non_commercial:
            yield f"that the use is not commercial, as the licence {licence.name} demands"
        if licence.notice or licence.powered_by:
            yield f"that the model is named, as the licence {licence.name} demands"


def licences_of(request: Request, resolution: Resolution, platform: Platform) -> list[License]:
    """The licence of the checkpoint's base model; where that is not known, all of the ecosystem's."""
    catalog, ecosystem = platform.catalog, request.ecosystem
    if ecosystem is None:
        return []
    checkpoint = resolution.resources.checkpoint
    known = catalog.version(checkpoint.id) if checkpoint else None
    said = (resolution.values.get("model") or {}).get("baseModel")
    name = said or (catalog.base_model_of(*known) if known else None)
    bases = [one for one in ecosystem.base_models if name is None or one.name == name]
    named = [one.license for one in bases if one.license]
    # A licence that there is not is for lint to tell; here it forbids nothing.
    return [catalog.licenses[name].record for name in named if name in catalog.licenses]
