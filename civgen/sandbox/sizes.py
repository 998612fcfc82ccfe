"""How large the files are that a step gives, from what its input asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

#: Longest side in pixels: an image is as large as was asked for up to here, a video is a thumbnail.
LARGEST = {"image": 2048, "video": 128}
#: Shorter side of an image of which only the proportions are known.
_SHORT_SIDE = 1024
_RATIO = re.compile(r"(\d{1,5})[:x](\d{1,5})", re.ASCII)

Size = tuple[int, int]


def size_of(kind: str, given: Mapping[str, Any]) -> Size:
    """Width and height in pixels, even, in the proportions asked for."""
    width, height = _asked(given)
    scale = min(1.0, LARGEST[kind] / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _asked(given: Mapping[str, Any]) -> tuple[float, float]:
    graph = given.get("comfyWorkflow")
    nodes = list(_of_nodes(graph)) if isinstance(graph, Mapping) else []
    if size := _sides(given) or max(nodes, key=lambda size: size[0] * size[1], default=None):
        return size
    texts = (_RATIO.fullmatch(str(given.get(name))) for name in ("size", "aspectRatio"))
    width, height = next(((int(found[1]), int(found[2])) for found in texts if found), (1, 1))
    if min(width, height) >= 64:  # pixels, not proportions
        return width, height
    shorter = min(width, height)
    return (width / shorter * _SHORT_SIDE, height / shorter * _SHORT_SIDE) if shorter else (_SHORT_SIDE,) * 2


def _of_nodes(graph: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """The sizes that the nodes of a graph name; the last step of an enlargement has the largest."""
    for node in graph.values():
        inputs = node.get("inputs") if isinstance(node, Mapping) else None
        if isinstance(inputs, Mapping) and (size := _sides(inputs)):
            yield size


def _sides(given: Mapping[str, Any]) -> tuple[float, float] | None:
    width, height = given.get("width"), given.get("height")
    if not (isinstance(width, int | float) and isinstance(height, int | float)):
        return None
    return (width, height) if width > 0 and height > 0 else None
