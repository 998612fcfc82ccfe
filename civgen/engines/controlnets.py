"""ControlNets: a preprocessing step each, and what the main step says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from civgen.engines.base import Step

#: Preprocessors that the orchestrator takes, by what they find in an image.
PREPROCESSORS = {
    "Edges": ("canny", "mlsd", "hed", "softedgePidinet", "teed"),
    "Depth": (
        "depthZoe", "depthAnything", "depthAnythingV2", "zoeDepthAnything", "zoeDepth",
        "midasDepth", "leresDepth", "metric3dDepth",
    ),
    "Line art": ("lineartRealistic", "lineartStandard", "anyline", "lineartAnime", "lineartManga"),
    "Normals": ("midasNormal", "baeNormal", "dsineNormal", "metric3dNormal"),
    "Pose": ("openpose", "dwpose"),
    "Scribble": ("scribble", "scribbleXdog", "scribblePidinet", "fakeScribble"),
    "Segmentation": ("oneformerCoco", "oneformerAde20k", "uniformer"),
}  # fmt: skip

OPTIONS = [
    {"value": value, "label": value, "group": group}
    for group, values in PREPROCESSORS.items()
    for value in values
]


def control_nets(
    nets: Sequence[Mapping[str, Any]], first_step: int = 0
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
        if net["mode"] == "auto":
            kind = _kebab(net["preprocessor"])
            steps.append(Step("preprocessImage", {"kind": kind, "image": image}, {"suppressOutput": True}))
            image = {"$ref": f"${first_step + len(steps) - 1}", "path": "output.blob.url"}
        said = {name: net[name] for name in ("preprocessor", "weight", "startStep", "endStep")}
        entries.append({**said, "image": image})
    return steps, entries


def _kebab(name: str) -> str:
    """`depthAnythingV2` as a preprocessing step spells it: `depth-anything-v2`.

    >>> _kebab("oneformerAde20k")
    'oneformer-ade20k'
    """
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"-{match[1]}", name).lower()
