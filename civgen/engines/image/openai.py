"""OpenAI's image models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import made_or_edited, pixels, taken
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle

#: Buzz an image by model and quality (recipe page openai). Older models cost the same at any quality
#: and size.
FLAT = {
    "gpt-image-1": {"low": 25, "medium": 100, "high": 375, "auto": 300},
    "gpt-image-1.5": {"low": 25, "medium": 100, "high": 375},
}
ANY_QUALITY = {"dall-e-2": 300, "dall-e-3": 300}
#: The quality that the contract takes for one that is not said.
DEFAULT_QUALITY = {"gpt-image-1": "auto"}
#: gpt-image-2 by the size that covers the request, and quality. The page bills the cheapest size that
#: does; its own examples fit only the first one in this order, and so it is done here.
TIERS = (
    ((1024, 768), {"low": 13, "medium": 52, "high": 195}),
    ((1024, 1024), {"low": 13, "medium": 78, "high": 286}),
    ((1536, 1024), {"low": 13, "medium": 65, "high": 221}),
    ((1920, 1080), {"low": 13, "medium": 52, "high": 208}),
    ((2560, 1440), {"low": 13, "medium": 78, "high": 299}),
    ((3840, 2160), {"low": 26, "medium": 143, "high": 533}),
)


class OpenAI(Engine):
    """OpenAI GPT Image 1, 1.5 and 2: images that follow instructions and hold text, and edits of up to seven.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step; images in make it an edit. A
    version says its name on the wire (`versions.engine.model`), and which of the fields that differ it
    takes (`takes`): the first two a size as text and a background, the third width and height. Limits
    are the `OpenAIGpt…Input` schemas': ten images at a time of 1, four of the others. No seed is taken:
    it stays in the metadata.

    Prices are published for every quality, and for gpt-image-2 by size as well; also for dall-e-2 and
    dall-e-3, which the contract has and no model version stands for. An edit without a size follows its
    first image, so its price is not known beforehand.
    """

    key = "openai"
    media = "image"
    step_type = "imageGen"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=7),
        fields.model(),
        AspectRatio(sizes="long-1536", default="1:1"),
        fields.seed(why="OpenAI takes none: it only stays in the metadata"),
        Toggle("transparent", label="Transparent background"),
        Choice(
            "quality", default="high",
            options=[
                {"value": "high", "label": "High"},
                {"value": "medium", "label": "Medium"},
                {"value": "low", "label": "Low"},
            ],
        ),
        fields.prompt(),
        fields.quantity(max=4),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        size = pixels(values)
        differing = {
            **size,
            "size": "{width}x{height}".format(**size),
            "background": "transparent" if values.get("transparent") else "opaque",
        }
        body = {
            "engine": self.key,
            "model": context.option("model"),
            **made_or_edited(values),
            "quality": values["quality"],
            **taken(differing, context),
        }
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By model and quality, of gpt-image-2 by size too."""
        model = step_input.get("model", "")
        quality = step_input.get("quality", DEFAULT_QUALITY.get(model, "high"))
        each = ANY_QUALITY.get(model) or _qualities(model, step_input).get(quality)
        return Price(each, {"quantity": step_input.get("quantity", 1)}) if each else None


def _qualities(model: str, step_input: Mapping[str, Any]) -> Mapping[str, int]:
    if model != "gpt-image-2":
        return FLAT.get(model, {})
    size = (step_input.get("width"), step_input.get("height"))
    if size == (None, None) and step_input.get("operation") == "editImage":
        return {}
    short, long = sorted(side or 1024 for side in size)
    covering = (prices for (width, height), prices in TIERS if long <= width and short <= height)
    return next(covering, TIERS[-1][1])
