"""Engines, each with the ecosystems that use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform
    from civgen.scaffold.host.data import Row

KEY = "key"


def rows(platform: Platform) -> Iterator[Row]:
    """In the order of their files."""
    users: dict[str, list[str]] = {}
    for ecosystem in platform.catalog.all_ecosystems():
        for key in platform.catalog.engines_of(ecosystem):
            users.setdefault(key, []).append(ecosystem.key)
    for engine in platform.engines.values():
        yield {
            "key": engine.key,
            "media": engine.media,
            "step": engine.step_type,
            "ecosystems": users.get(engine.key, []),
        }
