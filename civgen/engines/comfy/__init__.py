"""Steps of type `comfy`: node graphs as the platform sends them.

A workflow key has a graph when there is a file of its name in `graphs/` (`:` written as `-`). In it
`"$name"` stands for a parameter, `["$stack", n]` for output n of the last loader of model and clip,
and `["$vae", n]` for that of the VAE.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from civgen.engines.base import Resource, Resources, Step

_GRAPHS = Path(__file__).parent / "graphs"

Graph = dict[str, Any]


def has_graph(workflow: str) -> bool:
    """Whether a workflow key is carried out by a Comfy graph."""
    return _file(workflow).exists()


def comfy_step(workflow: str, parameters: Mapping[str, Any], resources: Resources, quantity: int) -> Step:
    """A `comfy` step: the graph of a workflow key with parameters and resources put in.

    Args:
        parameters: what the graph's placeholders stand for; those in use are also written into
            `imageMetadata`, which the platform reads back from finished images.
    """
    loaders, ends = _loaders(resources) if "stack" in _placeholders(_graph(workflow)) else ({}, {})
    nodes = _fill(_graph(workflow), {**parameters, **ends})
    metadata = {name: value for name, value in parameters.items() if value is not None}
    metadata["resources"] = [_named(resource) for resource in resources.all]
    return Step(
        "comfy",
        {
            "quantity": quantity,
            "comfyWorkflow": nodes | loaders,
            "imageMetadata": json.dumps(metadata, separators=(",", ":"), ensure_ascii=False),
        },
    )


def parameters_of(workflow: str) -> frozenset[str]:
    """The parameters that a workflow key's graph asks for."""
    return frozenset(_placeholders(_graph(workflow))) - {"stack", "vae"}


def _file(workflow: str) -> Path:
    return _GRAPHS / f"{workflow.replace(':', '-')}.json"


@cache
def _graph(workflow: str) -> Graph:
    graph: Graph = json.loads(_file(workflow).read_text(encoding="utf-8"))
    return graph


def _loaders(resources: Resources) -> tuple[Graph, dict[str, str]]:
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
    return nodes, {"stack": last, "vae": "vae" if resources.vae else "resource-stack"}


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


def _fill(template: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(template, Mapping):
        return {key: _fill(part, values) for key, part in template.items()}
    if isinstance(template, Sequence) and not isinstance(template, str):
        if template[:1] == ["$vae"] and values["vae"] == "vae":
            return ["vae", 0]
        return [_fill(part, values) for part in template]
    if isinstance(template, str) and template.startswith("$"):
        return values[template[1:]]
    return template


def _placeholders(template: Any) -> Iterator[str]:
    if isinstance(template, Mapping):
        for part in template.values():
            yield from _placeholders(part)
    elif isinstance(template, list):
        for part in template:
            yield from _placeholders(part)
    elif isinstance(template, str) and template.startswith("$"):
        yield template[1:]
