"""Enlarging images with an upscaler model."""

from __future__ import annotations

from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.comfy import comfy_step
from civgen.forms.form import Form
from civgen.forms.kinds.resources import Resource
from civgen.forms.kinds.scale import Enlargement, enlarged

_OPTIONS = [
    {"value": "x1.5", "multiplier": 1.5},
    {"value": "x2", "multiplier": 2},
    {"value": "x2.5", "multiplier": 2.5},
    {"value": "x3", "multiplier": 3},
    {"value": "2K", "resolution": 2048},
    {"value": "4K", "resolution": 3840},
]


class ImageUpscale(Engine):
    """A tool that enlarges up to ten images with an upscaler model, then scales them to size.

    Operation: `img2img:upscale`, one `comfy` step an image, without any ecosystem. Offered is what keeps
    every image within 4096 pixels, sides rounded up to a multiple of 64; the platform's form also offers
    what fits some of the images only, and leaves the others out.

    No price is published for `comfy` steps; that of the orchestrator's own `imageUpscaler` stands in
    `civgen.engines.utilities`.
    """

    key = "image-upscale"
    media = "image"
    step_type = "comfy"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:upscale", max=10),
        Enlargement(
            "upscaleSelection", of="images", measure="side", limit=4096,
            options=_OPTIONS, default="x1.5", required=True,
        ),
        Resource("upscaler", required=True, options=[]),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `comfy` step an image."""
        return [
            comfy_step(context.workflow, _parameters(image, values, resources), resources, quantity=1)
            for image in values["images"]
        ]


def _parameters(image: dict[str, Any], values: Values, resources: Resources) -> dict[str, Any]:
    width, height = enlarged(image["width"], image["height"], values["upscaleSelection"])
    return {
        "image": image["url"],
        "upscaleWidth": width,
        "upscaleHeight": height,
        "outputFormat": values["outputFormat"],
        "upscaler": resources.upscaler.air if resources.upscaler else None,
    }
