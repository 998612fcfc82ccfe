"""Media given by the user: source images, a source video."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading

_HINT = (
    'Give each as {"url": "https://…", "width": 1024, "height": 768}, or URL@1024x768 on the command line.'
)


class Images(Field):
    """From `min` to `max` images, each with `url`, `width` and `height` in pixels."""

    kind = "images"
    PROPERTIES = frozenset({"min", "max"})
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

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        given = value if isinstance(value, list) else [value]
        images = [_image(entry) for entry in given]
        if None in images:
            wrong = [entry for entry, image in zip(given, images, strict=True) if image is None]
            return Reading([], self.wrong(wrong, "must have url, width and height", hint=_HINT))
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
    __slots__ = ()

    def __init__(self, key: str = "video", **properties: Any) -> None:
        super().__init__(key, **({"required": True} | properties))

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        video = {"url": value} if isinstance(value, str) else value
        if isinstance(video, Mapping) and isinstance(video.get("url"), str) and video["url"]:
            return Reading(dict(video))
        return Reading(
            problem=self.wrong(value, "must have a url", hint='For instance {"url": "https://…"}.')
        )


def _image(entry: Any) -> dict[str, Any] | None:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("url"), str) or not entry["url"]:
        return None
    sides = [entry.get("width"), entry.get("height")]
    if not all(isinstance(side, int | float) and not isinstance(side, bool) and side > 0 for side in sides):
        return None
    return dict(entry)
