"""Ecosystems, each with what it inherits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform
    from civgen.scaffold.host.data import Row

KEY = "key"


def rows(platform: Platform) -> Iterator[Row]:
    """In display order."""
    for one in platform.catalog.all_ecosystems():
        first = next((version.id for version in one.versions if version.default), None)
        yield {
            "key": one.key,
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "family": one.family,
            "parent": one.parent,
            "aliases": one.aliases,
            "air": one.air,
            "media": sorted({media for base in one.base_models for media in base.makes}),
            "generates": one.engine is not None,
            "engine": one.engine,
            "engines": one.engines,
            "workflows": one.workflows,
            "baseModels": [base.name for base in one.base_models],
            "versions": [version.id for version in one.versions],
            "defaultVersion": first,
            "supports": one.support.generation,
            "trains": one.support.training,
            "accepts": [rule.model_dump(mode="json") for rule in one.accepts],
            "modelLocked": one.model_locked,
            "selfHosted": one.self_hosted,
        }
