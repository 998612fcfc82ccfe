"""Qwen 2, hosted."""

from __future__ import annotations

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.wire import FAL_SIZES, made_or_edited
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio


class Qwen2(Engine):
    """Qwen 2 on fal: images from a prompt, and edits of up to three.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step; images in make it an edit. The
    ratio goes out under fal's name for it. Limits are the `Qwen2…FalImageGenInput` schemas': a prompt
    that is not empty, a negative prompt of 500 characters, a seed of 31 bits, ten images at a time.

    No price is published: the recipe page says that there is one for each operation, and not which.
    """

    key = "qwen2"
    media = "image"
    step_type = "imageGen"
    wire_engine = "fal"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=3),
        fields.seed(max=fields.INT32),
        fields.model(),
        AspectRatio(sizes="long-2048", default="1:1"),
        fields.negative_prompt(max_length=500),
        fields.prompt(always=True),
        fields.quantity(max=10),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        body = {
            "engine": self.wire_engine,
            "model": self.key,
            **made_or_edited(values),
            "negativePrompt": values["negativePrompt"],
            "imageSize": FAL_SIZES[values["aspectRatio"]["value"]],
            "seed": values["seed"],
        }
        return [Step(self.step_type, body)]
