"""Model versions that the platform itself offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform
    from civgen.scaffold.host.data import Row

KEY = "id"


def rows(platform: Platform) -> Iterator[Row]:
    """Those of one ecosystem together; `default` where a request starts with it, if only for some keys."""
    catalog = platform.catalog
    for ecosystem in catalog.all_ecosystems():
        media = sorted({media for base in ecosystem.base_models for media in base.makes})
        for one in ecosystem.versions:
            yield {
                "id": one.id,
                "label": one.label,
                "modelId": one.model_id,
                "ecosystem": ecosystem.key,
                "baseModel": catalog.base_model_of(one, ecosystem),
                "media": media,
                "type": one.type,
                "default": bool(one.default),
                "engine": one.uses or ecosystem.engine,
                "workflows": one.served(ecosystem.workflows),
                "coverage": one.coverage,
            }
