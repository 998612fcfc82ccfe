"""ShengShu Vidu Q3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import image_urls, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.number import Number

#: Published prices (recipe page vidu): Buzz a second by resolution, as it is and in turbo mode.
PER_SECOND = {"360p": (91, 46), "540p": (91, 46), "720p": (200, 100), "1080p": (200, 100)}


class ViduQ3(Engine):
    """Vidu Q3: text, image, and first and last frame to video, 1 to 16 seconds up to 1080p, with sound.

    Operations: `txt2vid` and `img2vid` (a first image, perhaps a last one), both one `videoGen` step. `draft`
    goes out as `turbo`. Limits are the `ViduQ3VideoGenInput` schema's, whose seed has 31 bits.

    Prices are published a second, by resolution and mode; sound is free.
    """

    key = "vidu-q3"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.images("img2vid", max=2),
        fields.model(),
        fields.seed(max=fields.INT32),
        Choice("resolution", options=list(PER_SECOND), default="720p"),
        AspectRatio(
            sizes="720p", ratios=["16:9", "1:1", "9:16", "4:3", "3:4"], default="1:1",
            when=[{"match": {"workflow": "img2vid"}, "hidden": True, "why": "follows the first image"}],
        ),
        Number("duration", unit="s", min=1, max=16, step=1, default=5),
        Toggle("draft"),
        Toggle("enableAudio", label="Sound"),
        fields.prompt(),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "prompt": values["prompt"],
                    "aspectRatio": ratio(values),
                    "resolution": values["resolution"],
                    "duration": values["duration"],
                    "turbo": values["draft"],
                    "enableAudio": values["enableAudio"],
                    "images": image_urls(values) or None,
                    "seed": values["seed"],
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By length, resolution and mode."""
        rates = PER_SECOND.get(step_input.get("resolution", "720p"))
        if rates is None:
            return None
        return Price(rates[bool(step_input.get("turbo"))], {"seconds": step_input.get("duration", 5)})
