"""CIV401."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.finding import Finding
from civgen.lint.house import House, Maker, place
from civgen.lint.rule import Rule


class MediaAgrees(Rule):
    """The medium of a base model is that of its ecosystem's engine, and that of the workflow keys' output.

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

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for maker in house.makers:
            media = getattr(maker.engine, "media", None)
            for index, base in enumerate(maker.ecosystem.base_models):
                if base.media != media:
                    makes = f"the engine {maker.engine.key} {media}"
                    message = f"the base model {base.name} makes {base.media}, {makes}"
                    where = place(maker.entry, "base_models", index, "media")
                    yield self.finding(message, where, subject=maker.subject)
            yield from self._workflows(house, maker, media)

    def _workflows(self, house: House, maker: Maker, media: str | None) -> Iterator[Finding]:
        records = {key: entry.record for key, entry in house.catalog.workflows.items()}
        for index, key in enumerate(maker.ecosystem.workflows):
            if key in records and records[key].output != media:
                message = f"{key} makes {records[key].output}, the engine {maker.engine.key} {media}"
                where = place(maker.who_says("workflows"), "workflows", index)
                yield self.finding(message, where, subject=maker.subject)
