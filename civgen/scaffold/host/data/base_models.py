"""Base models, each with its ecosystem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform
    from civgen.scaffold.host.data import Row

KEY = "name"


def rows(platform: Platform) -> Iterator[Row]:
    """Those of one ecosystem together."""
    for ecosystem in platform.catalog.all_ecosystems():
        for one in ecosystem.base_models:
            yield {
                "id": one.id,
                "name": one.name,
                "ecosystem": ecosystem.key,
                "family": ecosystem.family,
                "media": one.makes,
                "generates": ecosystem.engine is not None and not one.disabled,
                "license": one.license,
                "description": one.description,
                "hidden": one.hidden,
                "disabled": one.disabled,
            }
