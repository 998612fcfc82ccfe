"""Google Veo 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import mentions
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle, closest_ratio
from civgen.forms.kinds.text import Text

#: Published prices (recipe page veo3): Buzz by duration in seconds, with sound, in standard mode.
BASE = {4: 1667, 6: 2500, 8: 3333}
MODE = {"standard": 1.0, "fast": 0.6, "lite": 0.3}
#: What leaving out the sound multiplies by. The page says 0.67 for all; its own table fits 0.67 only
#: in standard mode, and two thirds in the others.
SILENT = {"standard": 0.67, "fast": 2 / 3, "lite": 2 / 3}

_RATIOS = ["16:9", "1:1", "9:16"]
_FROM_IMAGES = ("img2vid", "img2vid:ref2vid")


class Veo3(Engine):
    """Google Veo 3.0 and 3.1: text, image and reference to video, with sound.

    Operations: `txt2vid`, `img2vid` (one image) and `img2vid:ref2vid` (one to seven references, 8 s only),
    all one `videoGen` step. Fast and standard are model versions (`versions.engine.fastMode`), 3.0 and 3.1 a
    field. From images, the aspect ratio is the offered one nearest to the first image's. Limits are the
    `Veo3VideoGenInput` schema's: 4, 6 or 8 seconds, 16:9, 9:16 or 1:1.

    Prices are published by duration, mode and sound; resolution and version do not matter.
    """

    key = "veo3"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.images(
            *_FROM_IMAGES, measured=True, when=[{"match": {"workflow": "img2vid:ref2vid"}, "max": 7}]
        ),
        fields.model(),
        fields.seed(max=fields.INT32),
        Toggle("enablePromptEnhancer", label="Enhance prompt"),
        fields.prompt(),
        Text("negativePrompt", max_length=6000),
        AspectRatio(
            sizes="full-hd", default="16:9",
            when=[{
                "match": {"workflow": list(_FROM_IMAGES)}, "hidden": True, "why": "follows the first image",
            }],
        ),
        Choice(
            "duration", unit="s", options=fields.durations([4, 6, 8]), default=8,
            when=[{
                "match": {"workflow": "img2vid:ref2vid"},
                "options": fields.durations([8]), "fixed": 8, "disabled": True,
                "why": "references always give 8 s",
            }],
        ),
        Toggle("generateAudio", label="Sound"),
        Choice(
            "version", default="3.0",
            options=[{"value": "3.0", "label": "Veo 3.0"}, {"value": "3.1", "label": "Veo 3.1"}],
        ),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        images = values.get("images") or []
        refers = context.workflow == "img2vid:ref2vid"
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "fastMode": context.option("fastMode"),
                    "version": values["version"],
                    "prompt": values["prompt"] or (mentions(images, " ") if refers else ""),
                    "negativePrompt": values["negativePrompt"],
                    "aspectRatio": _ratio(images) if images else values["aspectRatio"]["value"],
                    "duration": values["duration"],
                    "generateAudio": values["generateAudio"],
                    "images": [image["url"] for image in images] or None,
                    "seed": values["seed"],
                    "enablePromptEnhancer": values["enablePromptEnhancer"],
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By duration, mode and sound."""
        mode = step_input.get("mode") or ("fast" if step_input.get("fastMode") else "standard")
        base = BASE.get(step_input.get("duration", 8))
        if base is None or mode not in MODE:
            return None
        silent = {} if step_input.get("generateAudio") else {"silent": SILENT[mode]}
        return Price(base, {"mode": MODE[mode], **silent})


def _ratio(images: list[Mapping[str, Any]]) -> str:
    return closest_ratio(images[0]["width"] / images[0]["height"], _RATIOS)
