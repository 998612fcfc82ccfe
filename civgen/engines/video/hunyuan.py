"""Tencent Hunyuan Video."""

from __future__ import annotations

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.wire import lora_list, pixels
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice
from civgen.forms.kinds.number import Number


class Hunyuan(Engine):
    """Hunyuan Video, Tencent's open model: text to video at 480p, with LoRAs.

    Operations: `txt2vid`, one `videoGen` step. It takes no image: the platform offers `img2vid` all the same,
    and drops the image. Limits are the `HunyuanVdeoGenInput` schema's and the platform's form's: 3 or 5
    seconds, guidance 1 to 10, 10 to 30 steps, a seed of 31 bits.

    Of its price only ranges are published, not the coefficients.
    """

    key = "hunyuan"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.model(),
        fields.seed(max=fields.INT32),
        AspectRatio(sizes="480p", ratios=["16:9", "3:2", "1:1", "2:3", "9:16"], default="1:1"),
        Number(
            "cfgScale", label="CFG scale", min=1, max=10, step=0.5, default=6,
            presets=fields.presets(Low=3, Balanced=6, High=9),
        ),
        Choice("duration", unit="s", options=fields.durations([3, 5]), default=5),
        Number(
            "steps", min=10, max=30, step=1, default=20,
            presets=fields.presets(Fast=10, Balanced=20, Quality=30),
        ),
        fields.resources(),
        fields.prompt(always=True),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "prompt": values["prompt"],
                    **pixels(values),
                    "cfgScale": values["cfgScale"],
                    "steps": values["steps"],
                    "duration": values["duration"],
                    "seed": values["seed"],
                    "loras": lora_list(resources) or None,
                },
            )
        ]
