"""Source images and videos as fields of a form, and as what goes into the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civgen.catalog import Catalog
from civgen.scaffold.operations import Operation
from civgen.scaffold.pythontext import Call, Raw
from civgen.scaffold.sketch_merge import one_or_all
from civgen.scaffold.sketch_parts import Part

_FIRST, _LAST = Raw("first_url(values)"), Raw("last_url(values)")
_ALL, _VIDEO = Raw("image_urls(values)"), Raw("video_url(values)")


@dataclass(frozen=True, slots=True)
class Source:
    """What one workflow key starts from.

    Attributes:
        entries: what goes into the step: code by property.
        images: least and most images; None where there are none.
        is_open: whether the contract names no most.
        has_video: whether there is a video.
    """

    entries: Mapping[str, Raw] = field(default_factory=dict)
    images: tuple[int, int] | None = None
    is_open: bool = False
    has_video: bool = False


@dataclass(frozen=True)
class Sources:
    """What every workflow key starts from."""

    by_workflow: Mapping[str, Source]

    @property
    def open_images(self) -> bool:
        """Whether a person must say how many images there may be."""
        return any(one.is_open for one in self.by_workflow.values())

    @property
    def apart(self) -> dict[str, Mapping[str, Raw]]:
        """The entries by workflow key, where one field goes by several names; else nothing."""
        shown = {
            _ALL: self._with_images,
            _FIRST: self._with_images,
            _LAST: self._with_images,
            _VIDEO: self._with_video,
        }
        entries = {key: one.entries for key, one in self.by_workflow.items()}
        for name, made in self._made.items():
            if {key for key in entries if name in entries[key]} != set(shown[made]):
                return entries
        return {}

    def parts(self) -> list[Part]:
        """The fields for them; their values go into the step where each has one name."""
        apart, keys = self.apart, len(self.by_workflow)
        entries = {} if apart else self._made
        images = {
            n: Raw(f"{one.text} or None") if one is _ALL and len(self._with_images) < keys else one
            for n, one in entries.items()
            if one is not _VIDEO
        }
        found = []
        if self._with_images:
            found.append(Part("images", _images_field(self._with_images), images))
        if self._with_video:
            video = {name: made for name, made in entries.items() if made is _VIDEO}
            found.append(Part("video", Call("fields.video", tuple(self._with_video)), video))
        return found

    @property
    def _made(self) -> dict[str, Raw]:
        return {name: made for one in self.by_workflow.values() for name, made in one.entries.items()}

    @property
    def _with_images(self) -> dict[str, tuple[int, int]]:
        return {key: one.images for key, one in self.by_workflow.items() if one.images}

    @property
    def _with_video(self) -> list[str]:
        return [key for key, one in self.by_workflow.items() if one.has_video]


def sources_of(operations: Sequence[Operation], catalog: Catalog) -> Sources:
    """What the workflow keys start from; of several operations of one key, the first tells."""
    found: dict[str, Source] = {}
    for one in operations:
        for key in one.workflows:
            found.setdefault(key, _source(one, key, catalog))
    return Sources(found)


def _source(operation: Operation, key: str, catalog: Catalog) -> Source:
    into, medium = operation.media, catalog.workflows[key].record.source
    entries: dict[str, Raw] = {}
    if medium == "video":
        entries[_needed(into.videos, into.required)[0]] = _VIDEO
    if medium != "image" and not into.required - set(into.videos):
        return Source(entries, has_video=bool(entries))
    lists, firsts = _needed(into.lists, into.required), _needed(into.firsts, into.required)
    several = lists and (
        not firsts or (firsts[0] not in into.required and (lists[0] in into.required or ":" in key))
    )
    has_video = bool(entries)
    if several:
        schema = operation.leaf.schema["properties"][lists[0]]
        limits = (schema.get("minItems", 1) or 1, schema.get("maxItems", 1))
        return Source(entries | {lists[0]: _ALL}, limits, "maxItems" not in schema, has_video)
    lasts = dict.fromkeys(into.lasts[:1], _LAST)
    return Source(entries | {firsts[0]: _FIRST, **lasts}, (1, 1 + len(lasts)), False, has_video)


def _needed(names: Sequence[str], required: frozenset[str]) -> list[str]:
    """Names of properties, those that are required first."""
    return sorted(names, key=lambda name: name not in required)


def _images_field(shown: Mapping[str, tuple[int, int]]) -> Call:
    """A field of images; workflow keys that take more or fewer than the first say so."""
    usual, *_ = shown.values()
    words: dict[str, Any] = _limits(usual, (1, 1))
    other: dict[tuple[int, int], list[str]] = {}
    for key, limits in shown.items():
        if limits != usual:
            other.setdefault(limits, []).append(key)
    if other:
        words["when"] = [
            {"match": {"workflow": one_or_all(keys)}, **_limits(limits, usual)}
            for limits, keys in other.items()
        ]
    return Call("fields.images", tuple(shown), words)


def _limits(limits: tuple[int, int], usual: tuple[int, int]) -> dict[str, int]:
    pairs = zip(("min", "max"), limits, usual, strict=True)
    return {name: own for name, own, known in pairs if own != known}
