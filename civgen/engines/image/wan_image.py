"""Wan for images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import FAL_SIZES, made_or_edited, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Toggle
from civgen.forms.kinds.number import Number

#: The size that is made when none is said.
DEFAULT_SIZE = "square_hd"
#: Buzz an image by version (recipe page wan-image; "about" from v2.2-5b on); size and steps do not matter.
PRICE_PER_IMAGE = {"v2.2": 150, "v2.2-5b": 100, "v2.5": 32.5, "v2.7": 39}
#: What LoRAs multiply the price by, where they are published to.
WITH_LORAS = {"v2.2": 2}
#: In place of the price of v2.7, with `usePro`.
PRO = 97.5


class WanImage(Engine):
    """Alibaba Wan on fal, as a painter: images from a prompt, and edits of up to five.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step; images in make it an edit, which
    takes no ratio. The version's name on the wire stands in `[engine_options] version`. The ratio goes
    out as `imageSize`, under fal's name for it (the platform sends `aspectRatio`, which the contract
    does not have). Limits are the schema's: guidance 1 to 10, a prompt that is not empty, a seed of 31
    bits, ten images at a time.

    Prices are published flat by version; LoRAs double that of v2.2.
    """

    key = "wan-image"
    media = "image"
    step_type = "imageGen"
    wire_engine = "wan"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=5),
        fields.model(),
        fields.seed(max=fields.INT32),
        Number(
            "cfgScale", label="Guidance", min=1, max=10, step=0.5, default=3.5,
            presets=[
                {"label": "Low", "value": 2},
                {"label": "Balanced", "value": 3.5},
                {"label": "High", "value": 6},
            ],
        ),
        fields.negative_prompt(),
        AspectRatio(
            sizes="long-1024", default="1:1",
            when=[{"match": {"images": {"min": 1}}, "hidden": True, "why": "an edit takes none"}],
        ),
        Toggle("enablePromptEnhancer", label="Enhance prompt"),
        fields.prompt(always=True),
        fields.quantity(max=10),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        body = {
            "engine": self.wire_engine,
            "version": context.option("version"),
            "provider": "fal",
            **made_or_edited(values),
            "negativePrompt": values["negativePrompt"],
            "imageSize": _image_size(values),
            "guidanceScale": values["cfgScale"],
            "enablePromptExpansion": values["enablePromptEnhancer"],
            "seed": values["seed"],
        }
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """Flat per image and version."""
        version = step_input.get("version", "v2.2")
        each = PRO if version == "v2.7" and step_input.get("usePro") else PRICE_PER_IMAGE.get(version)
        loras = {"loras": WITH_LORAS[version]} if version in WITH_LORAS and step_input.get("loras") else {}
        return Price(each, {"quantity": step_input.get("quantity", 1), **loras}) if each else None


def _image_size(values: Values) -> str | None:
    chosen = ratio(values)
    name = chosen and FAL_SIZES[chosen]
    return None if name == DEFAULT_SIZE else name
