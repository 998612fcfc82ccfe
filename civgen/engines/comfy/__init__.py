"""Steps of type `comfy`: node graphs as the platform sends them.

A workflow key has a graph when there is a file of its name in `graphs/` (`:` written as `-`). In it
`"$name"` stands for a parameter, `["$stack", n]` for output n of the last loader of model and clip,
and `["$vae", 2]` for the VAE, the checkpoint's or one of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from civgen.engines.base import Resource, Resources, Step

_GRAPHS = Path(__file__).parent / "graphs"

_PLACEHOLDER = re.compile(r'\["\$(?P<vae>vae)", 2\]|"\$(?P<name>\w+)"')

Graph = dict[str, Any]


@cache
def has_graph(workflow: str) -> bool:
    """Whether a workflow key is carried out by a Comfy graph."""
    return _file(workflow).exists()


def comfy_step(workflow: str, parameters: Mapping[str, Any], resources: Resources, quantity: int) -> Step:
    """A `comfy` step: the graph of a workflow key with parameters and resources put in.

    Args:
        parameters: what the graph's placeholders stand for; those in use are also written into
            `imageMetadata`, which the platform reads back from finished images.
    """
    loaders, ends = _loaders(resources) if "stack" in _template(workflow).names else ({}, {})
    nodes = _template(workflow).filled({**parameters, **ends})
    metadata = {name: value for name, value in parameters.items() if value is not None}
    metadata["resources"] = [_named(resource) for resource in resources.all]
    return Step(
        "comfy",
        {
            "quantity": quantity,
            "comfyWorkflow": nodes | loaders,
            "imageMetadata": json.dumps(metadata, separators=(",", ":"), ensure_ascii=False),
        },
        has_nulls=False,
    )


def parameters_of(workflow: str) -> frozenset[str]:
    """The parameters that a workflow key's graph asks for."""
    return frozenset(_template(workflow).names) - {"stack", "vae"}


def _file(workflow: str) -> Path:
    return _GRAPHS / f"{workflow.replace(':', '-')}.json"


@dataclass(frozen=True, slots=True)
class _Template:
    """A graph as text, cut at its placeholders: filling it in and parsing it beats walking the nodes."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, Any]) -> Graph:
        parts = (
            json.dumps(values[name]) + text for name, text in zip(self.names, self.texts[1:], strict=True)
        )
        graph: Graph = json.loads(self.texts[0] + "".join(parts))
        return graph


@cache
def _template(workflow: str) -> _Template:
    text = json.dumps(json.loads(_file(workflow).read_text(encoding="utf-8")))
    found = list(_PLACEHOLDER.finditer(text))
    starts, ends = [0, *(one.end() for one in found)], [*(one.start() for one in found), len(text)]
    texts = tuple(text[start:end] for start, end in zip(starts, ends, strict=True))
    return _Template(texts, tuple(one["vae"] or one["name"] for one in found))


def _loaders(resources: Resources) -> tuple[Graph, dict[str, Any]]:
    """Loader nodes, each LoRA on top of the last, and the names that the graph's ends go by."""
    last = "resource-stack"
    nodes = {last: _node("CheckpointLoaderSimple", {"ckpt_name": _air(resources.checkpoint)})}
    for number, lora in enumerate(resources.loras, start=1):
        strength = 1 if lora.strength is None else lora.strength
        inputs: Graph = {"lora_name": lora.air, "strength_model": strength, "strength_clip": 1}
        inputs |= {"model": [last, 0], "clip": [last, 1]}
        last = f"resource-stack-{number}"
        nodes[last] = _node("LoraLoader", inputs)
    if resources.vae:
        nodes["vae"] = _node("VAELoader", {"vae_name": resources.vae.air})
    return nodes, {"stack": last, "vae": ["vae", 0] if resources.vae else ["resource-stack", 2]}


def _node(class_type: str, inputs: Mapping[str, Any]) -> Graph:
    return {"inputs": dict(inputs), "class_type": class_type}


def _air(resource: Resource | None) -> str | None:
    return resource.air if resource else None


def _named(resource: Resource) -> dict[str, Any]:
    named: dict[str, Any] = {"modelVersionId": resource.id}
    return (
        named
        | ({} if resource.strength is None else {"strength": resource.strength})
        | {"type": resource.type}
    )
