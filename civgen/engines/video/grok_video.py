"""xAI Grok Imagine, the videos."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import image_urls, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice
from civgen.forms.kinds.number import Number

#: Published prices (recipe page grok-video): Buzz a second by resolution.
PER_SECOND = {"480p": 65, "720p": 91}
#: The same for edits, by the length of the source, of which so many seconds count at most.
PER_SECOND_OF_VIDEO = {"480p": 78, "720p": 104}
BILLED_OF_VIDEO = 8

OPERATIONS = {
    "txt2vid": "text-to-video",
    "img2vid": "image-to-video",
    "img2vid:ref2vid": "image-to-video",
    "vid2vid:edit": "edit-video",
}


class GrokVideo(Engine):
    """Grok Imagine video 1.0: text to video, image to video and edits of a video, 6 to 15 seconds.

    Operations: `txt2vid`, `img2vid`, `img2vid:ref2vid` and `vid2vid:edit`, all one `videoGen` step. This
    version knows no references: one image in makes a video that starts from it, in the offered ratio nearest
    to its own (the platform's form takes seven and sends the first). Limits are the `Grok…VideoInput`
    schemas'; lengths start at six seconds, as in the platform's form, and are whole. A prompt is always
    needed. No seed is taken: it stays in the metadata. The version stands in `versions.engine.version`.

    Prices are published a second, by resolution, and for edits by the length of the source; where that is not
    known, the length asked for stands in for it.
    """

    key = "grok-video"
    wire_engine = "grok"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.model(),
        fields.seed(why="Grok takes none: it only stays in the metadata"),
        fields.images(
            "img2vid", "img2vid:ref2vid",
            when=[{"match": {"workflow": "img2vid:ref2vid"}, "why": "this version starts from one image"}],
        ),
        fields.video("vid2vid:edit"),
        Choice("resolution", options=list(PER_SECOND), default="720p"),
        Number("duration", unit="s", min=6, max=15, step=1, default=6, outside="default"),
        AspectRatio(
            sizes="720p", ratios=["16:9", "3:2", "4:3", "1:1", "3:4", "2:3", "9:16"], default="16:9",
            follows="images",
            when=[{"match": {"video": {"given": True}}, "hidden": True, "why": "follows the video"}],
        ),
        fields.prompt(always=True),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        video = values.get("video") or {}
        seconds = (video.get("metadata") or {}).get("duration")
        return [
            Step(
                self.step_type,
                {
                    "engine": self.wire_engine,
                    "version": context.option("version"),
                    "operation": OPERATIONS[context.workflow],
                    "prompt": values["prompt"],
                    "duration": values["duration"],
                    "resolution": values["resolution"],
                    "aspectRatio": ratio(values),
                    "images": image_urls(values) or None,
                    "videoUrl": video.get("url"),
                    "analyzedDuration": None if seconds is None else math.ceil(seconds),
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By length and resolution; of an edited video by its own length."""
        edits = step_input.get("operation") == "edit-video"
        rate = (PER_SECOND_OF_VIDEO if edits else PER_SECOND).get(step_input.get("resolution", "720p"))
        seconds = step_input.get("duration", 6)
        if edits:
            seconds = min(BILLED_OF_VIDEO, step_input.get("analyzedDuration", seconds))
        return Price(rate, {"seconds": seconds}) if rate else None
