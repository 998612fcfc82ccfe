"""Alibaba Wan 2.5."""

from __future__ import annotations

from civgen.engines import fields, wan
from civgen.engines.base import BuildContext, Resources, Step, Values
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice


class Wan25(wan.Wan):
    """Wan 2.5 on fal: text to video and image to video up to 1080p, without LoRAs.

    Operations: `txt2vid` and `img2vid`, both one `videoGen` step. From an image, the ratio is the offered one
    nearest to it. `version` and `provider` stand in `[engine_options]`. Limits are the
    `Wan25FalVideoGenInput` schema's and, for 5 or 10 seconds and guidance 1 to 10, the platform's form; the
    seed has 31 bits.

    The published price is 100, 200 or 300 Buzz a second at 480p, 720p or 1080p.
    """

    key = "wan2.5"
    form = Form(
        *wan.opening(),
        fields.prompt(),
        fields.negative_prompt(),
        Choice("resolution", options=["480p", "720p", "1080p"], default="480p"),
        wan.ratio("16:9", "1:1", "9:16"),
        Choice("duration", unit="s", options=fields.durations([5, 10]), default=5),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `videoGen` step."""
        return [Step(self.step_type, wan.on_fal(values, resources, context))]
