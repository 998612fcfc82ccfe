"""Google's image models: Imagen and the larger Nano Bananas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import image_urls, ratio, taken
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle

#: Buzz an image, by model and, where it has one, resolution (recipe page google).
PRICES: Mapping[str, Mapping[str, int]] = {
    "imagen4": {"1K": 40},
    "nano-banana-2-lite": {"1K": 44},
    "nano-banana-2": {"1K": 104, "2K": 156, "4K": 208},
    "nano-banana-pro": {"1K": 160, "2K": 230, "4K": 320},
}
#: Buzz an image on top, for each of these inputs that is set.
ON_TOP = {"nano-banana-2": ("enableWebSearch", "enableGoogleSearch"), "nano-banana-pro": ("images",)}
SURCHARGE = 20

_AS_GIVEN = ("negativePrompt", "resolution", "enableWebSearch", "seed", "outputFormat")


class Google(Engine):
    """Imagen 4 from a prompt; Nano Banana Pro and 2 up to 4K, from a prompt or from up to seven images.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step. A version (or the ecosystem, in
    `[engine_options]`) says its name on the wire as `model`, and which of the form's values it takes as
    `takes`: the platform's form shows Nano Banana Pro a negative prompt and a seed that its schema does
    not have. Limits are the schemas': prompts of 1000 characters for Imagen 4, four images at a time
    for all.

    Prices are published by model and resolution; Nano Banana 2 adds 20 for each kind of search, Pro for
    images in.
    """

    key = "google"
    media = "image"
    step_type = "imageGen"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=7),
        fields.model(),
        fields.negative_prompt(hidden=True),
        Choice("resolution", options=["1K", "2K", "4K"], default="1K"),
        AspectRatio(sizes="ten-ratios-1k", default="1:1"),
        Toggle("enableWebSearch", label="Search the web", hidden=True),
        fields.seed(),
        fields.prompt(),
        fields.quantity(max=4),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        offered = {
            **{name: values.get(name) for name in _AS_GIVEN},
            "aspectRatio": ratio(values),
            "images": image_urls(values) or None,
        }
        body = {
            "engine": self.key,
            "model": context.option("model"),
            "prompt": values["prompt"],
            "numImages": values["quantity"],
            **taken(offered, context),
        }
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By model and resolution, with what comes on top."""
        model, images = step_input.get("model", ""), step_input.get("numImages", 1)
        each = PRICES.get(model, {}).get(step_input.get("resolution", "1K"))
        if each is None:
            return None
        extras = {name: SURCHARGE * images for name in ON_TOP.get(model, ()) if step_input.get(name)}
        return Price(each, {"images": images}, extras)
