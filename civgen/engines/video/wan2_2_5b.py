"""Alibaba Wan 2.2, the small model."""

from __future__ import annotations

from civgen.engines import fields, wan
from civgen.engines.base import BuildContext, Resources, Step, Values
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice
from civgen.forms.kinds.number import Number


class Wan225b(wan.Wan):
    """Wan 2.2 with 5 billion parameters, on fal: text and image to video in one model, with up to two LoRAs.

    Operations: `txt2vid` and `img2vid`, both one `videoGen` step. From an image, the ratio is the offered one
    nearest to it. `version` and `provider` stand in `[engine_options]`. Limits are the schema's: up to 50
    steps (the platform's form offers 60) and a seed of 31 bits; it takes no shift, though the platform's form
    shows one.

    The price is published flat a video, about 142.35 Buzz: 75.9 distilled, and 32.5 with FastWan at 720p.
    """

    key = "wan2.2-5b"
    form = Form(
        *wan.opening(),
        wan.ratio("16:9", "1:1", "9:16", sizes="720p-square-1024"),
        fields.prompt(),
        fields.negative_prompt(),
        Choice("resolution", options=["580p", "720p"], default="580p"),
        Number("steps", min=20, max=50, step=1, default=40),
        Choice("interpolatorModel", label="Interpolator", options=["none", "film", "rife"], default="none"),
        fields.resources(limit=2),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `videoGen` step."""
        own = {"numInferenceSteps": values["steps"], "interpolatorModel": values["interpolatorModel"]}
        return [Step(self.step_type, wan.on_fal(values, resources, context) | own)]
