"""What the inputs of many steps spell alike."""

from __future__ import annotations

from typing import Any

from civgen.engines.base import Resources, Values

#: Names for sizes that fal takes in place of pixels, by the ratio in the form.
FAL_SIZES = {
    "1:1": "square_hd",
    "4:3": "landscape_4_3",
    "3:4": "portrait_4_3",
    "16:9": "landscape_16_9",
    "9:16": "portrait_16_9",
}


def image_urls(values: Values) -> list[str]:
    """URLs of the source images; none where the form shows none."""
    return [image["url"] for image in values.get("images") or []]


def operation(values: Values) -> str:
    """Whether images are to be made or edited: images in make it an edit."""
    return "editImage" if values.get("images") else "createImage"


def lora_strengths(resources: Resources) -> dict[str, float]:
    """LoRAs as a map from AIR to strength; a strength that was not said is 1."""
    return {one.air: 1 if one.strength is None else one.strength for one in resources.loras}


def pixels(values: Values) -> dict[str, int]:
    """Width and height of the size chosen."""
    size = values["aspectRatio"]
    return {"width": size["width"], "height": size["height"]}


def open_weights(values: Values, resources: Resources) -> dict[str, Any]:
    """What the orchestrator's own workers (`sdcpp` and `comfy`) take whatever the model; sizes come apart."""
    return {
        "prompt": values["prompt"],
        "negativePrompt": values.get("negativePrompt"),
        "cfgScale": values["cfgScale"],
        "steps": values["steps"],
        "seed": values["seed"],
        "quantity": values["quantity"],
        "loras": lora_strengths(resources) or None,
    }
