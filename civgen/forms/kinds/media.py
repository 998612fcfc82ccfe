"""Media given by the user: source images, a source video."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading
from civgen.forms.form import Filled

_HINT = (
    'Give each as {"url": "https://…", "width": 1024, "height": 768}, or URL@1024x768 on the command line.'
)


class Images(Field):
    """From `min` to `max` images, each with a `url`, and `width` and `height` in pixels where they are known.

    `measured` says that the engine needs the size of the first.
    """

    kind = "images"
    holds_media = True
    PROPERTIES = frozenset({"min", "max", "measured"})
    __slots__ = ()

    def __init__(self, key: str = "images", **properties: Any) -> None:
        super().__init__(key, **({"min": 1, "max": 1} | properties))

    def settle(self, shown: dict[str, Any], facts: Facts) -> dict[str, Any]:  # noqa: D102, ARG002
        shown.setdefault("required", shown["min"] > 0)
        return shown

    def empty(self, shown: Mapping[str, Any]) -> Any:  # noqa: D102, ARG002
        return []

    def is_missing(self, value: Any) -> bool:  # noqa: D102
        return value is None or value == []

    def with_media(self, value: Any, of: Callable[[Any, str, str], Any]) -> Any:  # noqa: D102
        given = value if isinstance(value, list) else [value]
        return [of(entry, "image", f"{self.key}[{number}]") for number, entry in enumerate(given)]

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        given = value if isinstance(value, list) else [value]
        images = [_image(entry) for entry in given]
        if None in images:
            wrong = [entry for entry, image in zip(given, images, strict=True) if image is None]
            return Reading(
                [], self.wrong(wrong, "must have a url, and width and height or neither", hint=_HINT)
            )
        allowed = {"min": shown["min"], "max": shown["max"]}
        if len(images) < shown["min"]:
            problem = self.wrong(len(images), f"needs at least {shown['min']} images", allowed=allowed)
            return Reading(images, problem)
        if len(images) > shown["max"]:
            problem = self.wrong(len(images), f"takes at most {shown['max']} images", allowed=allowed)
            return Reading(images[: shown["max"]], problem, True)
        return Reading(images)


class Video(Field):
    """One video with its `url`, and `metadata` (fps, width, height, duration in seconds) where known."""

    kind = "video"
    holds_media = True
    __slots__ = ()

    def __init__(self, key: str = "video", **properties: Any) -> None:
        super().__init__(key, **({"required": True} | properties))

    def with_media(self, value: Any, of: Callable[[Any, str, str], Any]) -> Any:  # noqa: D102
        return of(value, "video", self.key)

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        video = {"url": value} if isinstance(value, str) else value
        if isinstance(video, Mapping) and isinstance(video.get("url"), str) and video["url"]:
            return Reading(dict(video))
        return Reading(
            problem=self.wrong(value, "must have a url", hint='For instance {"url": "https://…"}.')
        )


def unmeasured(filled: Filled) -> dict[str, bool]:
    """Fields whose media have no size though something hangs on it, and whether all of them must have one.

    A ratio that follows images and an engine that looks at them need the first; a factor that may not reach
    too far needs every one.
    """
    needed: dict[str, bool] = {}
    for one, shown in filled.shown:
        if shown.get("follows"):
            needed.setdefault(shown["follows"], False)
        if shown.get("measured"):
            needed.setdefault(one.key, False)
        if shown.get("of"):
            needed[shown["of"]] = True
    return {key: every for key, every in needed.items() if _lacks_size(filled.values.get(key), every=every)}


def _lacks_size(media: Any, *, every: bool) -> bool:
    if isinstance(media, Mapping):
        return not media.get("metadata")
    return any("width" not in image for image in (media or [])[: None if every else 1])


def _image(entry: Any) -> dict[str, Any] | None:
    entry = {"url": entry} if isinstance(entry, str) else entry
    if not isinstance(entry, Mapping) or not isinstance(entry.get("url"), str) or not entry["url"]:
        return None
    image = {name: value for name, value in entry.items() if value is not None}
    sides = [image[name] for name in ("width", "height") if name in image]
    if len(sides) == 1 or not all(_is_size(side) for side in sides):
        return None
    return image


def _is_size(side: Any) -> bool:
    return isinstance(side, int | float) and not isinstance(side, bool) and side > 0
