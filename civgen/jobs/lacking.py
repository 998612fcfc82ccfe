"""What a request lacks for its form to take it: an example of each field, and the options that give it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from civgen.forms.field import Field
from civgen.forms.form import Mode
from civgen.jobs.platform import Platform
from civgen.jobs.request import read_request

#: A source image, as a request gives one.
IMAGE: Mapping[str, Any] = {"url": "https://example.com/image.png", "width": 1024, "height": 1024}
#: A source video, as a request gives one.
VIDEO: Mapping[str, Any] = {"url": "https://example.com/video.mp4", "metadata": {"duration": 5}}
#: What is asked for where any prompt will do.
PROMPT = "a red fox in the snow"

#: Fields as a form shows them, in order, each with its properties.
Shown = Iterable[tuple[Field, Mapping[str, Any]]]

#: How often a field that was given may bring another that is required.
_ROUNDS = 5
_OPTIONS = {"ecosystem": "--ecosystem", "workflow": "--workflow", "prompt": "--prompt"}


def lacking(raw: Mapping[str, Any], platform: Platform, mode: Mode = Mode.STRICT) -> dict[str, Any]:
    """The fields that a request must have besides those it has, each with an example.

    The checkpoint is left out: it follows from the ecosystem.

    Raises:
        CivgenError: it cannot be told where the request goes.
    """
    found: dict[str, Any] = {}
    for _ in range(_ROUNDS):
        given = {**raw, **found}
        more = examples(read_request(given, platform, mode).filled.shown, given)
        if not more:
            break
        found |= more
    return found


def examples(fields: Shown, given: Mapping[str, Any]) -> dict[str, Any]:
    """An example for every field that is required and not given."""
    return {
        field.key: example_of(field, shown)
        for field, shown in fields
        if shown.get("required")
        and not shown.get("hidden")
        and field.key != "model"
        and field.is_missing(given.get(field.key))
        and field.is_missing(field.empty(shown))
    }


def example_of(field: Field, shown: Mapping[str, Any]) -> Any:
    """A value that a field takes."""
    if field.key == "prompt":
        return PROMPT
    if field.kind == "images":
        return [dict(IMAGE)] * max(shown["min"], 1)
    if field.kind == "video":
        return dict(VIDEO)
    if field.kind == "number":
        return shown.get("min", 1)
    return "something"


def as_options(request: Mapping[str, Any]) -> list[str]:
    """A request as words of a command line.

    >>> as_options({"ecosystem": "Nova", "model": {"id": 7}, "steps": 25})
    ['--ecosystem', 'Nova', '--model', '7', '--set', 'steps=25']
    """
    return [word for name, value in request.items() for word in _words(name, value)]


def _words(name: str, value: Any) -> Iterator[str]:
    if name in _OPTIONS:
        yield from (_OPTIONS[name], str(value))
    elif name == "model":
        yield from ("--model", str(value["id"] if isinstance(value, Mapping) else value))
    elif name == "images" and all(isinstance(one, Mapping) and one.keys() == IMAGE.keys() for one in value):
        for one in value:
            yield from ("--image", f"{one['url']}@{one['width']}x{one['height']}")
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield from ("--set", f"{name}={text}")
