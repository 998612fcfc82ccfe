"""ByteDance Seedance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import image_urls, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.number import Number

#: Published prices (recipe page seedance): Buzz a second by model and resolution.
PER_SECOND = {
    "v2": {"480p": 90, "720p": 200, "1080p": 490},
    "v2-fast": {"480p": 55, "720p": 120},
    "v2-mini": {"480p": 44, "720p": 98, "1080p": 223},
    "v2.5": {"480p": 134, "720p": 300},
}
#: The same where reference videos go in; other models keep their rate.
PER_SECOND_REFERRING = {"v2-mini": {"480p": 26, "720p": 59, "1080p": 134}}


class Seedance(Engine):
    """Seedance 2 in three sizes: text to video and image to video, 4 to 15 seconds, with sound.

    Operations: `txt2vid` and `img2vid` (one image), both one `videoGen` step. The model stands in
    `versions.engine.model`; 1080p is for the large one only, as in the platform's form. Limits are the
    `SeedanceVideoGenInput` schema's; its reference videos and audios have no place in the form.

    Prices are published a second, by model and resolution; sound and images are free.
    """

    key = "seedance"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.images("img2vid"),
        fields.model(),
        Choice("resolution", options=["480p", "720p"], default="720p"),
        AspectRatio(sizes="720p", ratios=["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"], default="16:9"),
        Number("duration", unit="s", min=4, max=15, step=1, default=5),
        Toggle("generateAudio", label="Sound"),
        fields.seed(),
        fields.prompt(),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": context.option("model"),
                    "prompt": values["prompt"],
                    "aspectRatio": ratio(values),
                    "duration": values["duration"],
                    "resolution": values["resolution"],
                    "generateAudio": values["generateAudio"],
                    "seed": values["seed"],
                    "images": image_urls(values) or None,
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By length, model, resolution and whether reference videos go in."""
        model = step_input.get("model", "")
        rates = PER_SECOND.get(model, {})
        if step_input.get("referenceVideos"):
            rates = PER_SECOND_REFERRING.get(model, rates)
        rate = rates.get(step_input.get("resolution", "720p"))
        return Price(rate, {"seconds": step_input.get("duration", 5)}) if rate else None
