"""Source images and videos as fields of a form, and as what goes into the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from civgen.catalog import Catalog
from civgen.scaffold.media_in import MediaIn
from civgen.scaffold.operations import Operation
from civgen.scaffold.pythontext import Call, Raw
from civgen.scaffold.sketch_merge import one_or_all
from civgen.scaffold.sketch_parts import Part

_FIRST, _LAST = Raw("first_url(values)"), Raw("last_url(values)")
_ALL, _SOME = Raw("image_urls(values)"), Raw("image_urls(values) or None")
_VIDEO = Raw("video_url(values)")


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
    def names(self) -> set[str]:
        """The properties that they go into."""
        return set(self._made)

    @property
    def open_images(self) -> bool:
        """Whether a person must say how many images there may be."""
        return any(one.is_open for one in self.by_workflow.values())

    @property
    def apart(self) -> dict[str, Mapping[str, Raw]]:
        """The entries by workflow key, where one field goes by several names; else nothing."""
        entries = {key: one.entries for key, one in self.by_workflow.items()}
        for name, made in self._made.items():
            shown = self._with_video if made is _VIDEO else self._with_images
            if {key for key in entries if name in entries[key]} != set(shown):
                return entries
        return {}

    def parts(self) -> list[Part]:
        """The fields for them; their values go into the step where each has one name."""
        entries = {} if self.apart else self._made
        images = {name: self._perhaps(made) for name, made in entries.items() if made is not _VIDEO}
        video = {name: made for name, made in entries.items() if made is _VIDEO}
        found = []
        if self._with_images:
            found.append(Part("images", _images_field(self._with_images), images))
        if self._with_video:
            found.append(Part("video", Call("fields.video", tuple(self._with_video)), video))
        return found

    def _perhaps(self, made: Raw) -> Raw:
        """Code for images that not every workflow key starts from: an empty list must not go out."""
        everywhere = len(self._with_images) == len(self.by_workflow)
        return _SOME if made is _ALL and not everywhere else made

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
    needs_images = medium == "image" or bool(into.required - set(into.videos))
    own = _images(operation, key) if needs_images else Source()
    if medium != "video":
        return own
    name, *_ = _needed(into.videos, into.required)
    return replace(own, entries={name: _VIDEO, **own.entries}, has_video=True)


def _images(operation: Operation, key: str) -> Source:
    """One image, first and last frame, or a list of images."""
    into = operation.media
    if name := _list(into, key):
        schema = operation.leaf.schema["properties"][name]
        limits = (schema.get("minItems") or 1, schema.get("maxItems", 1))
        return Source({name: _ALL}, limits, is_open="maxItems" not in schema)
    first, *_ = _needed(into.firsts, into.required)
    lasts = dict.fromkeys(into.lasts[:1], _LAST)
    return Source({first: _FIRST, **lasts}, (1, 1 + len(lasts)))


def _list(into: MediaIn, key: str) -> str | None:
    """The list that images go into, unless one image has a property of its own, as for `img2vid`."""
    lists, firsts = _needed(into.lists, into.required), _needed(into.firsts, into.required)
    one_is_needed = bool(firsts) and firsts[0] in into.required
    fits_one = bool(firsts) and ":" not in key
    if not lists or one_is_needed or (fits_one and lists[0] not in into.required):
        return None
    return lists[0]


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
