"""Lightricks LTX, the first."""

from __future__ import annotations

from civgen.engines import fields, retired
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.wire import first_image
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice
from civgen.forms.kinds.number import Number


class Lightricks(Engine):
    """Lightricks' first LTX Video, hosted: text to video and image to video of five seconds.

    Operations: `txt2vid` and `img2vid`, both one `videoGen` step; from an image, the ratio is the offered one
    nearest to it. Limits are those of the form of September 2025, narrower than the `LightricksVideoGenInput`
    schema's: 16:9 or 9:16, guidance 3 to 3.5, 20 to 30 steps, prompts of 1500 characters; the schema alone
    bounds the seed, to 31 bits.

    No price is published.
    """

    key = "lightricks"
    media = "video"
    step_type = "videoGen"
    retirement = retired.gone("that of August 2026 has LTX 2 and 2.3 in its place", "ltx2", "ltx2.3")
    form = Form(
        *retired.opening(),
        fields.negative_prompt(max_length=retired.LONGEST),
        AspectRatio(
            options=["16:9", "9:16"], default="16:9", outside="default",
            follows="images", why="follows the image",
        ),
        Choice("duration", unit="s", options=fields.durations([5]), fixed=5, disabled=True),
        Number("cfgScale", min=3, max=3.5, step=0.1, default=3, between=True, outside="default"),
        Number("steps", min=20, max=30, step=1, default=25, outside="default"),
        Number("frameRate", label="Frames a second", min=1, max=60, step=1),
        fields.seed(max=fields.INT32),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "prompt": values["prompt"],
                    "negativePrompt": values["negativePrompt"],
                    "aspectRatio": values["aspectRatio"]["value"],
                    "duration": values["duration"],
                    "cfgScale": values["cfgScale"],
                    "steps": values["steps"],
                    "frameRate": values["frameRate"],
                    "seed": values["seed"],
                    "expandPrompt": False,
                    "sourceImage": first_image(values),
                },
            )
        ]
