"""Ernie Image with open weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import open_weights, pixels
from civgen.engines.workers import worker_price
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio
from civgen.forms.kinds.number import Number

#: The sampling that Ernie was tuned for; the platform's form shows none.
SAMPLER, SCHEDULER = "euler", "simple"


class Ernie(Engine):
    """Baidu Ernie Image on the orchestrator's Comfy workers: posters and text, and a turbo of eight steps.

    Operation: `txt2img`, one `imageGen` step; the base takes LoRAs, turbo none. The version's name on
    the wire stands in `versions.engine.model`. Limits are the `ComfyErnie…Input` schemas': 150 steps,
    guidance up to 30, twelve images at a time.

    The published price goes by pixels and steps.
    """

    key = "ernie"
    media = "image"
    step_type = "imageGen"
    wire_engine = "comfy"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.model(),
        fields.resources(),
        Number("cfgScale", label="CFG scale", min=1, max=20, step=0.5, default=4),
        Number("steps", min=1, max=50, step=1, default=20),
        AspectRatio(sizes="megapixel-16", default="1:1"),
        fields.prompt(always=True),
        fields.negative_prompt(),
        fields.seed(),
        fields.quantity(max=12),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `imageGen` step."""
        body = {
            "engine": self.wire_engine,
            "ecosystem": "ernie",
            "model": context.option("model"),
            "operation": "createImage",
            **open_weights(values, resources),
            **pixels(values),
            "sampler": SAMPLER,
            "scheduler": SCHEDULER,
        }
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By pixels and steps."""
        return worker_price(step_input)
