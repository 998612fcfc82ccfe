"""Black Forest Labs Flux.2 Klein."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import image_urls, open_weights, operation, pixels
from civgen.engines.workers import worker_price
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice
from civgen.forms.kinds.number import Number


class Flux2Klein(Engine):
    """Flux.2 Klein with four or nine billion parameters: the quick open ones, base and distilled.

    Operations: `txt2img` and `img2img:edit`, both one `imageGen` step of the orchestrator's engine `flux2`.
    The version's own name stands in `versions.engine.modelVersion`. The distilled ones run at guidance 1;
    their ecosystems hide guidance, sampler and scheduler, and fix the steps. Limits are the
    `Flux2KleinImageGenInput` schema's: two source images (the platform's form takes seven), a prompt of
    1000 characters (6000), one to four images; guidance from 2, steps from 20 and the choice of samplers
    are the form's own.

    Prices are published (recipe page flux2) by version, steps, source images and whether there is guidance;
    none for `9b-kv`.
    """

    key = "flux2-klein"
    media = "image"
    step_type = "imageGen"
    wire_engine = "flux2"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.images("img2img:edit", max=2),
        fields.model(),
        fields.resources(),
        AspectRatio(sizes="sdxl", default="1:1"),
        fields.negative_prompt(),
        Choice(
            "sampler", default="euler",
            options=["euler", "heun", "dpm++2s_a", "dpm++2m", "dpm++2mv2", "ipndm", "ipndm_v", "lcm"],
        ),
        Choice("scheduler", options=["simple", "discrete", "karras", "exponential"], default="simple"),
        Number("cfgScale", label="CFG scale", min=2, max=20, step=0.5, default=7),
        Number("steps", min=20, max=50, step=1, default=30),
        fields.seed(),
        fields.prompt(max_length=1000),
        fields.quantity(max=4, when=[fields.TWO_FOR_ONE]),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `imageGen` step."""
        body = {
            "engine": self.wire_engine,
            "model": "klein",
            "modelVersion": context.option("modelVersion"),
            "operation": operation(values),
            **open_weights({"cfgScale": 1, **values}, resources),
            **pixels(values),
            "sampleMethod": values.get("sampler", "euler"),
            "schedule": values.get("scheduler", "simple"),
            "images": image_urls(values) or None,
        }
        return [Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By version, steps, source images and guidance."""
        return worker_price(step_input)
