"""Z-Image with open weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.controlnets import control_nets
from civgen.engines.wire import checkpoint_air, open_weights, pixels
from civgen.engines.workers import worker_price
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice
from civgen.forms.kinds.number import Number
from civgen.forms.kinds.resources import ControlNets


class ZImage(Engine):
    """Z-Image on the orchestrator's own workers: the base, and a turbo distilled to nine steps.

    Operation: `txt2img`, one `imageGen` step with the checkpoint's AIR, LoRAs and one ControlNet (with
    a `preprocessImage` step before it). Which of the two it is stands in `[engine_options] model`.
    Limits are the `ZImage…ImageGenInput` schemas' (150 steps, guidance up to 30, twelve images at a
    time) unless the ecosystem narrows them. Turbo shows no sampler: it always goes out with `euler` and
    `simple`.

    The published price goes by pixels and steps.
    """

    key = "z-image"
    media = "image"
    step_type = "imageGen"
    wire_engine = "sdcpp"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.model(),
        fields.resources(),
        fields.negative_prompt(hidden=True),
        AspectRatio(sizes="sdxl", default="1:1"),
        Choice("sampler", options=["euler", "heun"], default="euler", hidden=True),
        Choice("scheduler", options=["simple", "discrete"], default="simple", hidden=True),
        Number("cfgScale", label="CFG scale", min=1, max=30, step=0.5, default=4),
        Number("steps", min=1, max=150, step=1, default=20),
        ControlNets(
            limit=1,
            options=[
                "canny", "mlsd", "hed", "depthZoe", "depthAnything", "depthAnythingV2", "zoeDepthAnything",
                "zoeDepth", "midasDepth", "leresDepth", "metric3dDepth", "openpose", "dwpose",
            ],
        ),
        fields.seed(),
        fields.prompt(always=True),
        fields.quantity(max=12, when=[fields.TWO_FOR_ONE]),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `imageGen` step, after those that prepare its ControlNet."""
        steps, nets = control_nets(values.get("controlNets") or [], context)
        body = {
            "engine": self.wire_engine,
            "ecosystem": "zImage",
            "model": context.option("model"),
            "operation": "createImage",
            **open_weights(values, resources),
            **pixels(values),
            "sampleMethod": values.get("sampler", "euler"),
            "schedule": values.get("scheduler", "simple"),
            "diffuserModel": checkpoint_air(resources),
            "controlNets": nets or None,
        }
        return [*steps, Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By pixels and steps."""
        return worker_price(step_input)
