"""What the inputs of many steps spell alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from civgen.engines.base import BuildContext, Resources, Values
from civgen.errors import InvalidInput, Problem, did_you_mean

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


def first_url(values: Values) -> str | None:
    """URL of the first source image."""
    return next(iter(image_urls(values)), None)


def last_url(values: Values) -> str | None:
    """URL of the last frame: the second source image, where there is one."""
    return next(iter(image_urls(values)[1:]), None)


def video_url(values: Values) -> str | None:
    """URL of the source video; None where the form shows none."""
    video = values.get("video")
    return video and str(video["url"])


def frames_or_references(values: Values, workflow: str, last: str) -> dict[str, Any]:
    """Source images by the part they play: references, or a first frame and perhaps a last one.

    Args:
        last: what the engine calls the last frame.
    """
    urls = image_urls(values)
    if workflow == "img2vid:ref2vid":
        return {"images": urls}
    return dict(zip(("sourceImage", last), urls, strict=False))


def ratio(values: Values) -> str | None:
    """The ratio chosen; None where the form shows none."""
    size = values.get("aspectRatio")
    return size and str(size["value"])


def mentions(references: Sequence[Any], between: str) -> str:
    """What stands for a prompt that was left out: every reference by its place.

    >>> mentions(["a", "b"], ",")
    '[@image1],[@image2]'
    """
    return between.join(f"[@image{number}]" for number in range(1, len(references) + 1))


def first_image(values: Values) -> str | None:
    """URL of the source image, where there is one."""
    return next(iter(image_urls(values)), None)


def operation(values: Values) -> str:
    """Whether images are to be made or edited: images in make it an edit."""
    return "editImage" if values.get("images") else "createImage"


def made_or_edited(values: Values) -> dict[str, Any]:
    """What hosted models take, whether images are to be made or edited."""
    return {
        "operation": operation(values),
        "prompt": values["prompt"],
        "images": image_urls(values) or None,
        "quantity": values["quantity"],
    }


def taken(offered: Mapping[str, Any], context: BuildContext) -> dict[str, Any]:
    """Those of the values on offer that the version takes: its option `takes` names them.

    Raises:
        InvalidInput: it names one that the engine does not have.
    """
    names = context.option("takes")
    if unknown := [name for name in names if name not in offered]:
        message = f"A version of {context.ecosystem} takes {unknown[0]!r}, which its engine does not have."
        raise InvalidInput(message, hint=did_you_mean(unknown[0], offered, f"It has {', '.join(offered)}."))
    return {name: offered[name] for name in names}


def lora_strengths(resources: Resources) -> dict[str, float]:
    """LoRAs as a map from AIR to strength; a strength that was not said is 1."""
    return {one.air: 1 if one.strength is None else one.strength for one in resources.loras}


def checkpoint_air(resources: Resources) -> str | None:
    """AIR of the checkpoint, for engines that load it by that.

    Raises:
        InvalidInput: nothing tells it.
    """
    checkpoint = resources.checkpoint
    if checkpoint is None:
        return None
    if checkpoint.air:
        return checkpoint.air
    message = "has no AIR and no model id to build one from"
    hint = "Give its record with --resources FILE, or apply its rows to the database."
    problem = Problem("model", message, given=checkpoint.id, hint=hint)
    raise InvalidInput(f"model {message}.", hint=hint, details=[problem])


def lora_list(resources: Resources) -> list[dict[str, Any]]:
    """LoRAs as a list, each with AIR and strength."""
    return [{"air": air, "strength": strength} for air, strength in lora_strengths(resources).items()]


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
