"""Media given by the user: source images, a source video."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from civgen.forms.conditions import Facts
from civgen.forms.field import Field, Reading
from civgen.forms.form import Filled
from civgen.forms.schema.words import NO_ENTRIES, NULL, Schema, any_of, table

#: What metadata tell of a video: pixels, frames a second, seconds.
MEASURES = ("width", "height", "fps", "duration")
#: The largest measure of a medium: what PNG allows for a side.
LARGEST = 2147483647

_URL: Schema = {"type": "string", "minLength": 1}
_MEASURE: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST}
_SIZED = table({"url": _URL, "width": _MEASURE, "height": _MEASURE})
_IMAGE = any_of([_SIZED, table({"url": _URL}, {"width": NULL, "height": NULL}), _URL])

_HINT = (
    'Give each as {"url": "https://…", "width": 1024, "height": 768}, or URL@1024x768 on the command line.'
)


class Images(Field):
    """From `min` to `max` images, each with a `url`, and `width` and `height` in pixels where they are known.

    `measured` says that the engine needs the size of the first.
    """

    kind = "images"
    BLANK: ClassVar[Schema] = NO_ENTRIES
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

    def media_schema(self, of: Schema) -> Schema:  # noqa: D102
        return {"items": of, **of}

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
            return Reading(images, problem, because=("min",))
        if len(images) > shown["max"]:
            problem = self.wrong(len(images), f"takes at most {shown['max']} images", allowed=allowed)
            return Reading(images[: shown["max"]], problem, True, ("max",))
        return Reading(images)

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102
        return _of_images(max(shown["min"], 1), shown["max"])

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: D102, ARG002
        for count in range(max(shown["min"], 1), shown["max"] + 1):
            yield [{"url": "https://example.com", "width": 1, "height": 1}] * count, _of_images(count, count)


class Video(Field):
    """One video with its `url`, and `metadata` (fps, width, height, duration in seconds) where known."""

    kind = "video"
    holds_media = True
    __slots__ = ()

    def __init__(self, key: str = "video", **properties: Any) -> None:
        super().__init__(key, **({"required": True} | properties))

    def with_media(self, value: Any, of: Callable[[Any, str, str], Any]) -> Any:  # noqa: D102
        return of(value, "video", self.key)

    def media_schema(self, of: Schema) -> Schema:  # noqa: D102
        return of

    def read(self, value: Any, shown: Mapping[str, Any], facts: Facts) -> Reading:  # noqa: D102, ARG002
        video = {"url": value} if isinstance(value, str) else value
        hint = 'For instance {"url": "https://…", "metadata": {"fps": 24, "duration": 5}}.'
        if not isinstance(video, Mapping) or not _is_url(video.get("url")):
            return Reading(problem=self.wrong(value, "must have a url", hint=hint))
        told = video.get("metadata")
        if told is not None and not (isinstance(told, Mapping) and _are_measures(map(told.get, MEASURES))):
            return Reading(problem=self.wrong(value, "has metadata that are no numbers", hint=hint))
        return Reading(dict(video))

    def schema(self, shown: Mapping[str, Any]) -> Schema:  # noqa: D102, ARG002
        told = {name: any_of([_MEASURE, NULL]) for name in MEASURES}
        return any_of([_URL, table({"url": _URL}, {"metadata": any_of([table({}, told), NULL])})])

    def classes(self, shown: Mapping[str, Any], mentioned: list[Any]) -> Iterator[tuple[Any, Schema]]:  # noqa: D102, ARG002
        yield {"url": "https://example.com"}, {"type": ["string", "object"]}


def _of_images(least: int, most: int) -> Schema:
    """A list of so many images; one may also stand alone."""
    listed = {"type": "array", "items": _IMAGE, "minItems": least, "maxItems": most}
    return any_of([listed, *([_IMAGE] if least <= 1 <= most else [])])


def unmeasured(filled: Filled) -> dict[str, bool]:
    """Fields whose media have no size though something hangs on it, and whether all of them must have one.

    A ratio that follows images and an engine that looks at them need the first; a factor that may not reach
    too far needs every one.
    """
    needed: dict[str, bool] = {}
    for one, shown in filled.shown:
        for key, every in needs_size(one, shown):
            needed[key] = needed.get(key, False) or every
    return {key: every for key, every in needed.items() if _lacks_size(filled.values.get(key), every=every)}


def needs_size(one: Field, shown: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Fields whose media must have a size for the sake of a field as it is shown, and whether all of them."""
    if shown.get("follows"):
        yield shown["follows"], False
    if shown.get("measured"):
        yield one.key, False
    if shown.get("of"):
        yield shown["of"], True


def sized(key: str, *, every: bool) -> Schema:
    """Requests whose images in `key`, or the first of them, have a size; a video need not tell its own."""
    image = table({"width": {"type": "number"}, "height": {"type": "number"}}) | {"type": ["object", "null"]}
    images = {"items": image} if every else {"prefixItems": [image]}
    alone = {**image, "type": ["object", "array", "null"]}
    return {"properties": {key: {**alone, **images}}}


def _lacks_size(media: Any, *, every: bool) -> bool:
    if isinstance(media, Mapping):
        return not media.get("metadata")
    return any("width" not in image for image in (media or [])[: None if every else 1])


def _image(entry: Any) -> dict[str, Any] | None:
    entry = {"url": entry} if isinstance(entry, str) else entry
    if not isinstance(entry, Mapping) or not _is_url(entry.get("url")):
        return None
    image = {name: value for name, value in entry.items() if value is not None}
    sides = [image[name] for name in ("width", "height") if name in image]
    return image if len(sides) != 1 and _are_measures(sides) else None


def _is_url(text: Any) -> bool:
    return isinstance(text, str) and bool(text)


def _are_measures(values: Iterable[Any]) -> bool:
    """Whether all are numbers above zero, or null; beyond 31 bits no medium goes."""
    told = [value for value in values if value is not None]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in told)
    return numbers and all(0 < value <= LARGEST for value in told)
