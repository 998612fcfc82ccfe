"""Forms: the fields of an ecosystem, workflow key and version, as they stand before anything is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civgen.catalog.records import Ecosystem
    from civgen.jobs.platform import Platform
    from civgen.scaffold.host.data import Row

KEY = "key"


def rows(platform: Platform) -> Iterator[Row]:
    """A form for the version that a request starts with, one for each version, and tools last.

    Their keys are `ecosystem|workflow`, `ecosystem|workflow|version`, and a tool's workflow key.
    """
    catalog = platform.catalog
    for ecosystem in catalog.all_ecosystems():
        for workflow in ecosystem.workflows if catalog.engines_of(ecosystem) else ():
            yield _row(platform, ecosystem, workflow, None)
            for version in ecosystem.versions:
                if version.serves(workflow):
                    yield _row(platform, ecosystem, workflow, version.id)
    for tool in catalog.workflows.records:
        if tool.engine:
            yield {"key": tool.key, "workflow": tool.key, "engine": tool.engine, "media": tool.output}


def completed(row: Row, platform: Platform) -> Row:
    """With its fields, as `civgen form show --json` gives them."""
    from civgen.jobs.forms import show_form

    request: Row = {name: row[name] for name in ("ecosystem", "workflow") if name in row}
    request |= {"model": {"id": row["version"]}} if "version" in row else {}
    return {**row, "fields": show_form(request, platform)["fields"]}


def _row(platform: Platform, ecosystem: Ecosystem, workflow: str, version: int | None) -> Row:
    said = platform.catalog.workflows[workflow].record
    return {
        "key": "|".join(map(str, (ecosystem.key, workflow, *([version] if version else ())))),
        "ecosystem": ecosystem.key,
        "workflow": workflow,
        "version": version,
        "engine": platform.catalog.engine_of(ecosystem, workflow, version or 0),
        "media": said.output,
    }
