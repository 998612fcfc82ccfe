"""Google's Gemini image model by its own interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import made_or_edited
from civgen.forms.form import Form

#: Buzz an image, made or edited (recipe page gemini).
PRICE_PER_IMAGE = {"2.5-flash": 60}


class Gemini(Engine):
    """Gemini 2.5 Flash Image, the standard Nano Banana: images from a prompt, and edits of up to four.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step; images in make it an edit. The
    version's name on the wire stands in `versions.engine.model`. Limits are the `Gemini25Flash…Input`
    schemas': four images in and four out (the platform's form offers seven in, which the orchestrator
    refuses). Neither size nor seed is taken: the seed stays in the metadata.

    The published price is flat, for an image made or edited.
    """

    key = "gemini"
    media = "image"
    step_type = "imageGen"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=4),
        fields.model(),
        fields.seed(why="Gemini takes none: it only stays in the metadata"),
        fields.prompt(),
        fields.quantity(max=4),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `imageGen` step."""
        body = {"engine": self.key, "model": context.option("model"), **made_or_edited(values)}
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """Flat per image."""
        each = PRICE_PER_IMAGE.get(step_input.get("model", ""))
        return Price(each, {"quantity": step_input.get("quantity", 1)}) if each else None
