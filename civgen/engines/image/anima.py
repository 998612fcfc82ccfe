"""Anima with open weights."""

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


class Anima(Engine):
    """Anima on the orchestrator's Comfy workers: anime with Comfy's own samplers and schedulers.

    Operation: `txt2img`, one `imageGen` step with the checkpoint's AIR, LoRAs and one ControlNet (with
    a `preprocessImage` step before it). Limits are the `ComfyAnimaImageGenInput` schema's: 150 steps,
    guidance up to 30, twelve images at a time; the samplers are those that the platform found to work.

    No price is published for Comfy workers; for `sdcpp`, which serves the same model, it goes by pixels
    and steps.
    """

    key = "anima"
    media = "image"
    step_type = "imageGen"
    wire_engine = "comfy"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.model(),
        fields.resources(),
        fields.seed(),
        AspectRatio(sizes="sdxl", default="1:1"),
        Number("cfgScale", label="CFG scale", min=1, max=20, step=0.5, default=7),
        Number("steps", min=8, max=50, step=1, default=25),
        Choice(
            "sampler", default="euler_ancestral",
            options=["er_sde", "euler", "euler_ancestral", "heun", "dpm_2", "dpmpp_2m"],
            presets=[{"label": "Fast", "value": "euler"}, {"label": "Quality", "value": "dpmpp_2m"}],
        ),
        Choice("scheduler", options=["simple", "sgm_uniform"], default="simple"),
        ControlNets(
            limit=1,
            options=[
                "canny", "hed", "softedgePidinet", "gray", "lineartStandard", "lineartRealistic",
                "lineartAnime", "lineartManga", "anyline", "depthAnything", "depthAnythingV2", "zoeDepth",
                "zoeDepthAnything", "midasDepth", "leresDepth", "metric3dDepth", "openpose", "dwpose",
                "scribble", "scribbleXdog", "scribblePidinet", "fakeScribble",
            ],
        ),
        fields.prompt(always=True),
        fields.negative_prompt(),
        fields.quantity(max=12),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `imageGen` step, after those that prepare its ControlNet."""
        steps, nets = control_nets(values.get("controlNets") or [], context)
        body = {
            "engine": self.wire_engine,
            "ecosystem": "anima",
            "operation": "createImage",
            **open_weights(values, resources),
            **pixels(values),
            "sampler": values["sampler"],
            "scheduler": values["scheduler"],
            "diffuserModel": checkpoint_air(resources),
            "controlNets": nets or None,
            "outputFormat": values["outputFormat"],
        }
        return [*steps, Step(self.step_type, body)]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By pixels and steps, where published."""
        return worker_price(step_input)
