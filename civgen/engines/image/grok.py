"""xAI Grok for images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import made_or_edited, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio

#: Buzz an image by operation (recipe page grok, "about"); neither ratio nor sources matter.
PRICE_PER_IMAGE = {"createImage": 26, "editImage": 29}


class Grok(Engine):
    """Grok Imagine: images from a prompt in seven ratios, and edits of up to three.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step; images in make it an edit, which
    has the shape of its source. Limits are the `Grok…ImageGenInput` schemas': three images in (the
    platform's form offers seven, which the orchestrator refuses) and four out. No seed is taken: it
    stays in the metadata.

    The published price is flat by operation.
    """

    key = "grok"
    media = "image"
    step_type = "imageGen"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.model(),
        fields.seed(why="Grok takes none: it only stays in the metadata"),
        fields.images("img2img:edit", max=3),
        AspectRatio(
            sizes="short-1024", default="1:1",
            when=[{"match": {"workflow": "img2img:edit"}, "hidden": True, "why": "follows the first image"}],
        ),
        fields.prompt(always=True),
        fields.quantity(max=4),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        body = {"engine": self.key, **made_or_edited(values), "aspectRatio": ratio(values)}
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """Flat per image and operation."""
        each = PRICE_PER_IMAGE.get(step_input.get("operation", ""))
        return Price(each, {"quantity": step_input.get("quantity", 1)}) if each else None
