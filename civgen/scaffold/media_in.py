"""What a step input starts from: the properties that carry images or a video into it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.orchestrator.contract import Leaf

_IMAGE = re.compile(r"(image|frame)(url)?$", re.IGNORECASE)
_IMAGES = re.compile(r"images$", re.IGNORECASE)
_LAST = re.compile(r"^(end|last)")
_VIDEO = re.compile(r"video(url)?$", re.IGNORECASE)
#: Media that stand beside what a step starts from.
_BESIDE = re.compile(r"^(mask|control|style|cover)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MediaIn:
    """The properties of a step input that carry media, by the part they play.

    Attributes:
        lists: lists of images.
        firsts: one image, or the first frame.
        lasts: the last frame.
        videos: a video.
        required: those that the contract requires.
    """

    lists: tuple[str, ...] = ()
    firsts: tuple[str, ...] = ()
    lasts: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()

    @property
    def names(self) -> set[str]:
        """All of them."""
        return {*self.lists, *self.firsts, *self.lasts, *self.videos}

    @property
    def needs(self) -> str | None:
        """The medium that it cannot do without."""
        if self.required & set(self.videos):
            return "video"
        return "image" if self.required - set(self.videos) else None

    def takes(self, medium: str | None) -> bool:
        """Whether it can start from a medium, or with None from text alone."""
        if medium is None:
            return self.needs is None
        found = self.videos if medium == "video" else (*self.lists, *self.firsts)
        return bool(found) and not (medium == "image" and self.needs == "video")


def media_in(leaf: Leaf, siblings: Iterable[Leaf] = ()) -> MediaIn:
    """The media that a step input takes.

    Args:
        siblings: the inputs of the other operations; what all of them may be given, and none needs, says
            nothing about any of them.
    """
    properties, required = leaf.schema.get("properties", {}), set(leaf.schema.get("required", ()))
    names = [name for name in properties if name not in _general(leaf, siblings) and not _BESIDE.match(name)]
    single = [name for name in names if _is_text(properties[name])]
    images = [name for name in single if _IMAGE.search(name)]
    lasts = [name for name in images if _LAST.match(name)]
    firsts = [name for name in images if name not in lasts]
    lists = [name for name in names if _IMAGES.search(name) and _is_list_of_text(properties[name])]
    videos = [name for name in single if _VIDEO.search(name)]
    return MediaIn(
        tuple(lists),
        tuple(firsts),
        tuple(lasts),
        tuple(videos),
        frozenset(required & {*lists, *images, *videos}),
    )


def types_of(schema: Mapping[str, Any]) -> Sequence[str]:
    """The types of a property, without null."""
    said = schema.get("type", ())
    return [said] if isinstance(said, str) else [one for one in said if one != "null"]


def _is_text(schema: Mapping[str, Any]) -> bool:
    return types_of(schema) == ["string"] and "enum" not in schema


def _is_list_of_text(schema: Mapping[str, Any]) -> bool:
    return types_of(schema) == ["array"] and types_of(schema.get("items", {})) == ["string"]


def _general(leaf: Leaf, siblings: Iterable[Leaf]) -> set[str]:
    """What every operation may be given and this one does not need, where they differ in anything at all."""
    own = set(leaf.schema.get("properties", ()))
    known = [set(one.schema.get("properties", ())) for one in siblings]
    if all(one == own for one in known):
        return set()
    return own.intersection(*known) - set(leaf.schema.get("required", ()))
