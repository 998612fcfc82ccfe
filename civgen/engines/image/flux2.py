"""Black Forest Labs Flux.2."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import image_urls, lora_list, operation, pixels
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio
from civgen.forms.kinds.number import Number

#: Buzz a megapixel begun, and what LoRAs multiply it by (recipe page flux2). The page has one figure, about
#: 40 for `dev` at 1024 by 1024, which is two megapixels begun.
PRICE_PER_MEGAPIXEL = {"dev": 20}
WITH_LORAS = 2

_GUIDANCE = [
    {"label": "Low", "value": 2},
    {"label": "Balanced", "value": 3.5},
    {"label": "High", "value": 7},
]


class Flux2(Engine):
    """Flux.2 Dev, Flex, Pro and Max: images from a prompt, and edits of up to seven images.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step; images in make it an edit. The
    version's own name stands in `versions.engine.model`. Limits are the `Flux2ImageGenInput` schema's: a
    prompt of 1000 characters (the platform's form takes 6000), one to four images, sides of 512 to 2048
    pixels, LoRAs from 0 to 4; guidance from 2 and steps from 20 are the form's own. Which version takes
    LoRAs, guidance and steps stands in the ecosystem's file.

    A price is published for `dev` alone, by megapixel begun.
    """

    key = "flux2"
    media = "image"
    step_type = "imageGen"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=7),
        fields.model(),
        AspectRatio(sizes="sdxl", default="1:1"),
        Number("cfgScale", label="Guidance", min=2, max=20, step=0.5, default=3.5, presets=_GUIDANCE),
        Number("steps", min=20, max=50, step=1, default=25),
        fields.seed(),
        fields.resources(strength={"min": 0, "max": 4}),
        fields.prompt(max_length=1000),
        fields.quantity(max=4),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `imageGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": context.option("model"),
                    "operation": operation(values),
                    "prompt": values["prompt"],
                    **pixels(values),
                    "guidanceScale": values.get("cfgScale"),
                    "numInferenceSteps": values.get("steps"),
                    "quantity": values["quantity"],
                    "seed": values["seed"],
                    "loras": lora_list(resources) or None,
                    "images": image_urls(values) or None,
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By megapixel begun; twice as much with LoRAs."""
        each = PRICE_PER_MEGAPIXEL.get(step_input.get("model", ""))
        if each is None:
            return None
        pixels = step_input.get("width", 1024) * step_input.get("height", 1024)
        loras = {"loras": WITH_LORAS} if step_input.get("loras") else {}
        return Price(
            each,
            {"megapixels": math.ceil(pixels / 1_000_000), **loras, "quantity": step_input.get("quantity", 1)},
        )
