"""Black Forest Labs Flux.1 Kontext."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import image_urls
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio
from civgen.forms.kinds.number import Number

#: Buzz an image, made or edited (recipe page flux1, section Kontext).
PRICE_PER_IMAGE = {"dev": 35, "pro": 45, "max": 90}


class Flux1Kontext(Engine):
    """Flux.1 Kontext Pro and Max: edits an image as the prompt says, or makes one.

    Operations: `txt2img` and `img2img:edit` (one image), both one `imageGen` step. The version's own name
    stands in `versions.engine.model`. Limits are the `Flux1KontextImageGenInput` schema's: a prompt of 1000
    characters (the platform's form takes 6000), one to four images, and a ratio in place of pixels;
    guidance from 2 is the form's own.

    Prices are published for each model, flat per image; ratio and source image do not matter.
    """

    key = "flux1-kontext"
    media = "image"
    step_type = "imageGen"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit"),
        fields.model(),
        fields.prompt(max_length=1000),
        AspectRatio(sizes="short-1008", default="1:1"),
        Number("cfgScale", label="Guidance", min=2, max=20, step=0.5, default=3.5),
        fields.seed(),
        fields.quantity(max=4),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": context.option("model"),
                    "prompt": values["prompt"],
                    "images": image_urls(values) or None,
                    "aspectRatio": values["aspectRatio"]["value"],
                    "quantity": values["quantity"],
                    "guidanceScale": values["cfgScale"],
                    "seed": values["seed"],
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """Flat per image and model."""
        each = PRICE_PER_IMAGE.get(step_input.get("model", ""))
        return Price(each, {"quantity": step_input.get("quantity", 1)}) if each else None
