"""Trying things out: requests that a form takes, values that it refuses, and what comes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from civgen.forms.form import Form
from civgen.jobs.platform import Platform
from civgen.testing import CHECKPOINT, engine_steps, example_request, visible

__all__ = ["COMMON", "example_request", "names_checkpoint", "refused_value", "visible"]

#: Kinds of fields in the order in which a value that is out of range is looked for.
_KINDS = ("number", "choice", "aspectRatio", "quantity", "seed", "toggle")
#: Fields that are the same wherever they are, or not to be narrowed; a test of another says more.
COMMON = frozenset({"priority", "outputFormat", "operation", "model"})


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
