"""ByteDance Seedream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice
from civgen.forms.kinds.number import Number

#: Buzz an image, whatever its size and however many images go in (recipe page seedream).
PRICE_PER_IMAGE = {"v3": 40, "v4": 40, "v4.5": 60, "v5.0-lite": 52}


class Seedream(Engine):
    """Seedream 3.0 to 5.0: images up to 4K from a prompt, and edits of up to seven images.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step; images in make it an edit. The
    version's own name stands in `versions.engine.version`. Limits are the `SeedreamImageGenInput`
    schema's: guidance 1 to 10 (the platform's form offers 20, which the orchestrator refuses), sides of
    256 to 4096 pixels, and a prompt that is not empty.

    Prices are published for v3, v4, v4.5 and v5.0-lite; for v5.0-pro there is none.
    """

    key = "seedream"
    media = "image"
    step_type = "imageGen"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=7),
        fields.model(),
        Choice("resolution", options=["2K", "4K"], default="4K", hidden=True),
        AspectRatio(sizes="2k", default="1:1"),
        Number("cfgScale", label="Guidance", min=1, max=10, step=0.5, default=5),
        fields.seed(max=fields.INT32),
        fields.prompt(always=True),
        fields.quantity(),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        size = values["aspectRatio"]
        images = [image["url"] for image in values.get("images") or []]
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "version": context.option("version"),
                    "prompt": values["prompt"],
                    "width": size["width"],
                    "height": size["height"],
                    "images": images or None,
                    "guidanceScale": values["cfgScale"],
                    "enableSafetyChecker": False,
                    "seed": values["seed"],
                    "quantity": values["quantity"],
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """Flat per image and version."""
        each = PRICE_PER_IMAGE.get(step_input.get("version", ""))
        return Price(each, {"quantity": step_input.get("quantity", 1)}) if each else None
