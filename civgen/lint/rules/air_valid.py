"""CIV105."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from civgen.air import MODEL_TYPES, Air, parse_air
from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem
from civgen.errors import InvalidInput, did_you_mean
from civgen.lint.edits import only_near
from civgen.lint.finding import Finding
from civgen.lint.house import House, place, walk
from civgen.lint.rule import Rule

_SEGMENT = re.compile(r"[a-z0-9_\-]+")


class AirValid(Rule):
    """Every AIR can be read, names a known type and real numbers, and is of the ecosystem's own segment.

    Why: an AIR with a wrong segment, a version's number in the model's place or a placeholder is refused
    only when a worker tries to load it. The segment is that of the root, in lower case; a child that
    says another one is not heard.

    Bad:

        # ecosystems/SDXL.toml
        override = true
        [engine_options.draft]
        lora = "urn:air:sdxl1:lora:civitai:391999@391999"

    Good:

        # ecosystems/SDXL.toml
        override = true
        [engine_options.draft]
        lora = "urn:air:sdxl:lora:civitai:350450@391999"
    """

    code, name = "CIV105", "air-valid"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            segment = ecosystem.air or ""
            yield from self._segment(entry, segment)
            for key, value in walk(entry.record.model_dump(exclude_unset=True)):
                if isinstance(value, str) and value.lower().startswith(("urn:air:", "air:")):
                    for message, hint in _faults(value, segment):
                        yield self._said(entry, message, hint, *key)

    def _segment(self, entry: Entry[Ecosystem], segment: str) -> Iterator[Finding]:
        own = entry.record.air
        if own is not None and own != segment:
            message = (
                f"the AIR segment {own} is not heard: that of the root, {segment}, holds for its children"
            )
            yield self._said(entry, message, "Take it out.", "air")
        elif not _SEGMENT.fullmatch(segment):
            message = f"{segment!r} cannot be an AIR segment"
            yield self._said(entry, message, 'Add air = "…" in a-z, 0-9, - and _.', "key")

    def _said(self, entry: Entry[Ecosystem], message: str, hint: str | None, *key: Any) -> Finding:
        return self.finding(message, place(entry, *key), right=hint, subject=f"ecosystem {entry.record.key}")


def _faults(text: str, segment: str) -> Iterator[tuple[str, str | None]]:
    try:
        air = parse_air(text)
    except InvalidInput as error:
        yield error.message.rstrip("."), error.hint
        return
    if air.ecosystem is None or air.type is None:
        yield f"{text!r} is a short AIR", "Write urn:air:<ecosystem>:<type>:<source>:<id>@<version>."
        return
    if air.ecosystem != segment:
        yield (
            f"the AIR says {air.ecosystem}, and the ecosystem's segment is {segment}",
            f"Write {replace(air, ecosystem=segment)}.",
        )
    if air.type not in MODEL_TYPES:
        yield f"{air.type} is no type of an AIR", did_you_mean(air.type, MODEL_TYPES)
    if air.source == "civitai":
        yield from _numbers(air)
    elif only_near(air.source, ["civitai"]):
        yield f"{air.source} is no source of an AIR", "Did you mean civitai?"


def _numbers(air: Air) -> Iterator[tuple[str, str | None]]:
    for what, number in (("model", air.id), ("version", air.version)):
        if number is None or not number.isdigit() or int(number) == 0:
            yield f"{number} is no number of a {what}", "Write civitai:<model>@<version> with their numbers."
    if air.id == air.version:
        yield (
            f"the model and its version have the same number, {air.id}",
            "One of them is meant for the other.",
        )
