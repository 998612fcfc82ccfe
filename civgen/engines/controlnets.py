"""ControlNets: a preprocessing step each, and what the main step says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from civgen.engines.base import BuildContext, Step


def control_nets(
    nets: Sequence[Mapping[str, Any]], context: BuildContext, first_step: int = 0
) -> tuple[list[Step], list[dict[str, Any]]]:
    """Preprocessing steps for control nets, and the entries that refer to their results.

    Args:
        nets: values of the form's field: `preprocessor`, `image`, `weight`, `startStep`, `endStep`, and
            `mode` (`auto`, or `preprocessed` when the image already is an edge map, a pose, …).
        first_step: index that the first of these steps will have in the body.
    """
    steps: list[Step] = []
    entries: list[dict[str, Any]] = []
    for net in nets:
        image: Any = net["image"]["url"]
        kind = context.catalog.preprocessors[net["preprocessor"]].record.kind
        if net["mode"] == "auto" and kind:
            steps.append(Step("preprocessImage", {"kind": kind, "image": image}, {"suppressOutput": True}))
            image = {"$ref": f"${first_step + len(steps) - 1}", "path": "output.blob.url"}
        said = {name: net[name] for name in ("preprocessor", "weight", "startStep", "endStep")}
        entries.append({**said, "image": image})
    return steps, entries
