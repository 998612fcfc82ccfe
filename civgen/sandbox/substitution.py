"""Another model than the one asked for, as the platform silently runs it where it does not know a version.

The answer's step has the other model in its input, and the workflow's `metadata.modelSubstitutions` lists
`{"requested", "applied", "reason"}`, as the platform writes it; the whatif says so, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

#: An AIR of a model that generates alone: before its version, and the version.
_MODEL = re.compile(
    r"((?:urn:)?(?:air:)?[\w-]+:(?:checkpoint|diffusionmodel|unet):civitai:\d+@)(\d+)", re.ASCII
)
_REASON = "unrecognized"

#: Makes of a template the one that runs.
Mode = Callable[[Mapping[str, Any]], dict[str, Any]]


def chosen_by(seed: int, rate: float) -> Callable[[str], bool]:
    """Whether another runs in a model's place: for a part of all models, and always the same ones."""
    return lambda air: Random(f"{seed}|{air}").random() < rate


def substituted(
    template: Mapping[str, Any], chosen: Callable[[str], bool], *, silent: bool = False
) -> dict[str, Any]:
    """The template with the next version in place of each chosen model.

    Args:
        silent: say nothing of it in `metadata`.
    """
    noted: dict[int, int] = {}

    def other(found: re.Match[str]) -> str:
        if not chosen(found[0]):
            return found[0]
        noted[int(found[2])] = int(found[2]) + 1
        return f"{found[1]}{int(found[2]) + 1}"

    steps = [{**step, "input": _replaced(step["input"], other)} for step in template["steps"]]
    if not noted:
        return dict(template)
    listed = [{"requested": old, "applied": new, "reason": _REASON} for old, new in noted.items()]
    metadata = template["metadata"] | ({} if silent else {"modelSubstitutions": listed})
    return {**template, "steps": steps, "metadata": metadata}


def _replaced(value: Any, other: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, str):
        return _MODEL.sub(other, value)
    if isinstance(value, Mapping):
        return {name: _replaced(part, other) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, other) for part in value]
    return value
