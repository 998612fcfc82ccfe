"""Haiper."""

from __future__ import annotations

from civgen.engines import fields, retired
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.wire import first_image
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle

#: What is sent whatever the form says: the newer of the two models, at the size that the platform made.
MODEL, RESOLUTION = "v2", 720


class Haiper(Engine):
    """Haiper 2: text to video and image to video, hosted.

    Operations: `txt2vid` and `img2vid`, both one `videoGen` step; from an image, its ratio is the image's.
    Limits are the `HaiperVideoGenInput` schema's and those of the form of September 2025 (prompts of 1500
    characters, 720p).

    No price is published.
    """

    key = "haiper"
    media = "video"
    step_type = "videoGen"
    retirement = retired.gone("that of August 2026 has not")
    form = Form(
        *retired.opening(),
        fields.negative_prompt(max_length=retired.LONGEST),
        Toggle("enablePromptEnhancer", label="Enhance prompt", default=True),
        AspectRatio(
            options=["16:9", "4:3", "1:1", "3:4", "9:16"], default="1:1", outside="default",
            when=[{"match": {"workflow": "img2vid"}, "hidden": True, "why": "follows the image"}],
        ),
        Choice("duration", unit="s", options=fields.durations([2, 4, 8]), default=4),
        fields.seed(),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        ratio = values.get("aspectRatio")
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": MODEL,
                    "prompt": values["prompt"],
                    "negativePrompt": values["negativePrompt"],
                    "enablePromptEnhancer": values["enablePromptEnhancer"],
                    "aspectRatio": ratio and ratio["value"],
                    "duration": values["duration"],
                    "resolution": RESOLUTION,
                    "seed": values["seed"],
                    "sourceImage": first_image(values),
                },
            )
        ]
