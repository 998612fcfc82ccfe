"""Fields that engines have in common, under the platform's names.

Limits come from the platform's form (prompt of 6000 characters, seed of 32 bits); those of a single
engine or ecosystem are said there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from civgen.forms.field import Field
from civgen.forms.kinds.choice import Choice
from civgen.forms.kinds.media import Images, Video
from civgen.forms.kinds.number import Quantity, Seed
from civgen.forms.kinds.resources import ModelVersion, Resources
from civgen.forms.kinds.text import Text

#: What the platform gives where its own workers run a model, while its switch for it is on: two images for
#: the price of one.
TWO_FOR_ONE = {
    "match": {"workflow": "txt2img", "feature": "enhancedCompatibilitySdcpp"},
    "min": 2,
    "step": 2,
    "default": 2,
}

_WITH_IMAGES = {"images": {"min": 1}}


def prompt(*, always: bool = False, **properties: Any) -> Field:
    """The prompt; required unless images say what is wanted.

    Args:
        always: required even then, because the orchestrator takes no empty one, or the form no images.
    """
    when = [] if always else [{"match": _WITH_IMAGES, "required": False}]
    when += properties.pop("when", [])
    return Text("prompt", required=True, when=when, **({"max_length": 6000} | properties))


def negative_prompt(**properties: Any) -> Field:
    """What should not be in the picture."""
    return Text("negativePrompt", **({"max_length": 6000} | properties))


def model() -> Field:
    """The checkpoint; its options are the ecosystem's versions."""
    return ModelVersion(required=True)


def resources(**properties: Any) -> Field:
    """LoRAs and their like, as many as the user's tier allows."""
    return Resources(capped_by="resources", **properties)


def images(*workflows: str, **properties: Any) -> Field:
    """Source images, for the workflow keys named."""
    when = [
        {"unless": {"workflow": list(workflows)}, "hidden": True, "why": "this workflow key takes no images"}
    ]
    return Images(when=[*when, *properties.pop("when", [])], **properties)


def video(*workflows: str, **properties: Any) -> Field:
    """A source video, for the workflow keys named."""
    when = [
        {"unless": {"workflow": list(workflows)}, "hidden": True, "why": "this workflow key takes no video"}
    ]
    return Video(when=when, **properties)


def operation(by_workflow: Mapping[str, list[str]]) -> Field:
    """What is to be done, where a workflow key has several operations on the wire.

    Args:
        by_workflow: the operations as the orchestrator calls them, the one that a form opens with first.
    """
    names = dict.fromkeys(name for names in by_workflow.values() for name in names)
    workflows = {name: [key for key in by_workflow if name in by_workflow[key]] for name in names}
    options = [
        {"value": name, "label": _spaced(name), "match": {"workflow": keys}}
        for name, keys in workflows.items()
    ]
    return Choice("operation", options=options)


def _spaced(name: str) -> str:
    """An identifier in words: `extendVideo` becomes `Extend video`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-_]+", " ", name).lower()
    return words[:1].upper() + words[1:]


def only_for(**match: str | list[str]) -> dict[str, Any]:
    """A change that hides a field but for some workflow keys: `when=[only_for(workflow="img2vid")]`."""
    return {"unless": match, "hidden": True, "why": f"is only for {_listed(match)}"}


def not_for(**match: str | list[str]) -> dict[str, Any]:
    """A change that hides a field for some workflow keys: `when=[not_for(workflow="vid2vid:edit")]`."""
    return {"match": match, "hidden": True, "why": f"is not for {_listed(match)}"}


def _listed(match: Mapping[str, str | list[str]]) -> str:
    values = (one for said in match.values() for one in ([said] if isinstance(said, str) else said))
    return ", ".join(values)


#: Largest seed where the contract's is an int32; the platform's form offers 32 bits without a sign.
INT32 = 2147483647


def seed(**properties: Any) -> Field:
    """The seed; `max` where the contract takes less than 32 bits."""
    return Seed(**properties)


def quantity(**properties: Any) -> Field:
    """How many images, as many as the user's tier allows."""
    return Quantity("quantity", min=1, step=1, default=1, capped_by="quantity", **properties)


def priority() -> Field:
    """How soon: more Buzz, shorter queue."""
    options = [
        {"value": "low", "label": "Standard"},
        {"value": "normal", "label": "High"},
        {"value": "high", "label": "Highest"},
    ]
    return Choice("priority", options=options, default="low")


def output_format() -> Field:
    """File format of the images."""
    options = [{"value": "jpeg", "label": "JPEG"}, {"value": "png", "label": "PNG"}]
    return Choice("outputFormat", options=options, default="jpeg")


def capitalised(*values: str) -> list[dict[str, Any]]:
    """Options that are called by their values."""
    return [{"value": one, "label": one.capitalize()} for one in values]


def presets(**values: float) -> list[dict[str, Any]]:
    """Values that a slider names: `presets(Low=2, High=6)`."""
    return [{"label": label, "value": value} for label, value in values.items()]


def durations(seconds: list[int]) -> list[dict[str, Any]]:
    """Options for a duration, in seconds."""
    return [{"value": one, "label": f"{one} seconds"} for one in seconds]
