"""OpenAI Sora 2."""

from __future__ import annotations

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.wire import image_urls, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle

OPERATIONS = {"txt2vid": "text-to-video", "img2vid": "image-to-video"}


class Sora(Engine):
    """Sora 2: text to video and image to video with sound, 4 or 8 seconds up to 1080p.

    Operations: `txt2vid` and `img2vid` (one image), both one `videoGen` step. Limits are the
    `Sora2…VideoInput` schemas', whose seed has 31 bits; of their 4 to 12 seconds the platform offers 4 and 8.

    No price is published.
    """

    key = "sora"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.images("img2vid"),
        fields.model(),
        fields.seed(max=fields.INT32),
        Choice("resolution", options=["720p", "1080p"], default="720p"),
        AspectRatio(
            sizes="720p", ratios=["16:9", "9:16"], default="9:16",
            when=[{"match": {"workflow": "img2vid"}, "hidden": True, "why": "follows the image"}],
        ),
        Toggle("usePro", label="Pro"),
        Choice("duration", unit="s", options=fields.durations([4, 8]), default=4),
        fields.prompt(),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "operation": OPERATIONS[context.workflow],
                    "prompt": values["prompt"],
                    "aspectRatio": ratio(values),
                    "resolution": values["resolution"],
                    "usePro": values["usePro"],
                    "duration": values["duration"],
                    "seed": values["seed"],
                    "images": image_urls(values) or None,
                },
            )
        ]
