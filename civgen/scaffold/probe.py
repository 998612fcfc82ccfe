"""Trying things out: requests that a form takes, values that it refuses, and what comes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from civgen.forms.field import Field
from civgen.forms.form import Form
from civgen.jobs.platform import Platform
from civgen.testing import CHECKPOINT, IMAGE, engine_steps

PROMPT = "a red fox in the snow"
#: A source video, as a request gives one.
VIDEO = {"url": "https://example.com/video.mp4", "metadata": {"duration": 5}}
#: Kinds of fields in the order in which a value that is out of range is looked for.
_KINDS = ("number", "choice", "aspectRatio", "quantity", "seed", "toggle")
#: Fields that are the same wherever they are, or not to be narrowed; a test of another says more.
COMMON = frozenset({"priority", "outputFormat", "operation", "model"})


def example_request(
    form: Form, platform: Platform, workflow: str, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A request that a form takes: a prompt, and an example for every field that is required.

    The checkpoint is left out: it follows from the ecosystem.

    Args:
        given: values that it is to have.
    """
    request: dict[str, Any] = {"workflow": workflow, **(given or {})}
    for field, shown in visible(form, platform, workflow, given):
        if field.key == "prompt":
            request["prompt"] = PROMPT
        elif field.key != "model" and shown.get("required") and field.is_missing(field.empty(shown)):
            request[field.key] = _example(field, shown)
    return request


def refused_value(form: Form, platform: Platform, workflow: str) -> dict[str, Any]:
    """A field with a value that the form refuses."""
    shown = visible(form, platform, workflow)
    fields = {field.kind: (field.key, shown) for field, shown in reversed(shown) if field.key not in COMMON}
    kind = next((kind for kind in _KINDS if kind in fields), None)
    if kind is None:
        return {"nonsense": True}
    key, properties = fields[kind]
    if kind in ("number", "quantity") and "max" in properties:
        return {key: properties["max"] + 1}
    return {key: "no such value"}


def names_checkpoint(
    platform: Platform, ecosystem: str, engine: str, workflow: str, options: Mapping[str, Any]
) -> bool:
    """Whether what an engine builds says which checkpoint it is for.

    Raises:
        InvalidInput: it cannot build anything from these options.
    """
    request = example_request(platform.engines[engine].form, platform, workflow)
    del request["workflow"]
    steps = engine_steps(platform, engine, workflow, options, request, ecosystem)
    return CHECKPOINT.air in json.dumps(steps)


def visible(
    form: Form, platform: Platform, workflow: str, given: Mapping[str, Any] | None = None
) -> list[tuple[Field, dict[str, Any]]]:
    """The fields that a form shows when nothing but `given` is filled in, each with its properties."""
    filled = form.fill(given or {}, platform.facts(workflow))
    return [(field, shown) for field, shown in filled.shown if not shown.get("hidden")]


def _example(field: Field, shown: Mapping[str, Any]) -> Any:
    if field.kind == "images":
        return [dict(IMAGE)] * shown["min"]
    if field.kind == "video":
        return dict(VIDEO)
    if field.kind == "number":
        return shown.get("min", 1)
    return "something"
