"""CIV401."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from civgen.catalog import Entry
from civgen.errors import Where
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.makers import Maker
from civgen.lint.rule import Rule


class MediaAgrees(Rule):
    """What a base model makes, one of its ecosystem's engines makes, and every workflow key's output its own.

    Why: tags, queues and pages sort by the medium. One that disagrees puts videos among the images.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        workflows = ["txt2vid", "txt2img"]
        [[base_models]]
        id = 55
        media = "image"

    Good:

        # ecosystems/Veo3.toml
        override = true
        workflows = ["txt2vid", "img2vid", "img2vid:ref2vid"]
        [[base_models]]
        id = 55
        media = "video"
    """

    code, name = "CIV401", "media-agrees"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, makers in _by_entry(house):
            if makers[0].ecosystem:
                yield from self._base_models(entry, makers)
            for maker in makers:
                yield from self._workflows(house, maker)

    def _base_models(self, entry: Entry[Any], makers: Sequence[Maker]) -> Iterator[Finding]:
        media = {maker.engine.media for maker in makers}
        makes = " and ".join(f"the engine {maker.engine.key} {maker.engine.media}" for maker in makers)
        for index, base in enumerate(entry.record.base_models):
            for one in base.makes:
                if one not in media:
                    message = f"the base model {base.name} makes {one}, {makes}"
                    where = place(entry, "base_models", index, "media")
                    yield self.finding(message, where, subject=makers[0].subject)

    def _workflows(self, house: House, maker: Maker) -> Iterator[Finding]:
        records = {key: entry.record for key, entry in house.catalog.workflows.items()}
        for index, key in enumerate(maker.workflows):
            output = records[key].output if key in records else maker.engine.media
            if output != maker.engine.media and _carries_out(house, maker, key):
                message = f"{key} makes {output}, the engine {maker.engine.key} {maker.engine.media}"
                where = _place(maker, index)
                yield self.finding(message, where, subject=maker.subject)


def _by_entry(house: House) -> Iterator[tuple[Entry[Any], list[Maker]]]:
    """The files of ecosystems and tools, with the engines at work there."""
    for entry, makers in groupby(house.makers, key=lambda maker: maker.entry):
        whole = [maker for maker in makers if getattr(maker.engine, "media", None)]
        if whole:  # an engine without a medium is CIV501's
            yield entry, whole


def _carries_out(house: House, maker: Maker, workflow: str) -> bool:
    """Whether an engine carries out a workflow key, with the default version or with another."""
    versions = (0, *(version.id for version in maker.versions if version.serves(workflow)))
    return any(maker.serves(house.catalog, workflow, version) for version in versions)


def _place(maker: Maker, index: int) -> Where:
    """The place of a workflow key in the file that has the last word on them; of a tool, its output's."""
    if maker.ecosystem is None:
        return place(maker.entry, "output")
    said = [entry for entry in maker.line if "workflows" in entry.record.model_fields_set]
    return place(said[-1] if said else maker.entry, "workflows", index)
