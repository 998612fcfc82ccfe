"""Qwen Image with open weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import made_or_edited, open_weights, pixels
from civgen.engines.workers import worker_price
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio
from civgen.forms.kinds.number import Number

#: Buzz an image of the vendor's own service (`engine: qwen`), by model (recipe page qwen).
HOSTED = {
    "3.0-pro": 97.5,
    "2.0-pro": 97.5,
    "max": 97.5,
    "edit-max": 97.5,
    "edit": 58.5,
    "2.0": 45.5,
    "plus": 39,
    "edit-plus": 39,
}


class Qwen(Engine):
    """Qwen Image 20B on the orchestrator's own workers: images with legible text, and edits of up to three.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step with LoRAs; images in make it an
    edit, for which there are weights of their own. The version's name on the wire stands in
    `versions.engine.version`. Limits are the `Qwen20b…Input` schemas': 150 steps, guidance up to 30,
    twelve images at a time; an edit has the size of its source, and the orchestrator refuses another.

    The published price goes by pixels and steps; an edit costs a tenth more for each image after the
    first, and is known beforehand only where the step says the size. For the vendor's own service,
    which no ecosystem here uses, prices are flat by model.
    """

    key = "qwen"
    media = "image"
    step_type = "imageGen"
    wire_engine = "sdcpp"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=3),
        fields.seed(),
        fields.model(),
        fields.resources(),
        AspectRatio(
            sizes="sdxl", default="1:1",
            when=[{
                "match": {"workflow": "img2img:edit"},
                "why": "an edit has the size of its source: this only stays in the metadata",
            }],
        ),
        Number("cfgScale", label="CFG scale", min=2, max=20, step=0.5, default=3.5),
        Number("steps", min=20, max=50, step=1, default=25),
        fields.prompt(),
        fields.quantity(max=12),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `imageGen` step."""
        body = {
            "engine": self.wire_engine,
            "ecosystem": "qwen",
            "model": "20b",
            "version": context.option("version"),
            **made_or_edited(values),
            **open_weights(values, resources),
            **({} if values.get("images") else pixels(values)),
        }
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By pixels and steps; of the vendor's own service by model."""
        if step_input.get("engine") != self.key:
            return worker_price(step_input)
        each = HOSTED.get(step_input.get("model", ""))
        return Price(each, {"quantity": step_input.get("quantity", 1)}) if each else None
