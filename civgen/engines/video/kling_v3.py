"""Kuaishou Kling 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import frames_or_references, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.number import Number

#: Published prices (recipe page kling): Buzz a second by mode, silent and with sound.
PER_SECOND = {"standard": (219, 292), "professional": (292, 364)}
#: The same for what starts from a video, where sound costs nothing more.
PER_SECOND_OF_VIDEO = {"standard": 328, "professional": 437}

OPERATIONS = {
    "txt2vid": "text-to-video",
    "img2vid": "image-to-video",
    "img2vid:ref2vid": "reference-to-video",
}


class KlingV3(Engine):
    """Kling 3: text, image, first and last frame, and references to video, 5 to 15 seconds, with sound.

    Operations: `txt2vid`, `img2vid` (a first image, perhaps a last one) and `img2vid:ref2vid` (up to seven
    references), all one `videoGen` step. Limits are the `KlingV3VideoGenInput` schema's; lengths start at
    five seconds, as in the platform's form, and are whole. A prompt is always needed. That schema has no
    seed: it stays in the metadata. Its edits of video, elements and shots have no place in the form.

    Prices are published a second, by mode and sound.
    """

    key = "kling-v3"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.images(
            "img2vid", "img2vid:ref2vid", max=2, when=[{"match": {"workflow": "img2vid:ref2vid"}, "max": 7}]
        ),
        fields.model(),
        fields.seed(why="Kling takes none: it only stays in the metadata"),
        Choice("mode", options=fields.capitalised("standard", "professional"), default="standard"),
        Number("duration", unit="s", min=5, max=15, step=1, default=5, outside="default"),
        AspectRatio(
            sizes="720p-square-1024", default="1:1",
            when=[{"match": {"workflow": "img2vid"}, "hidden": True, "why": "follows the first image"}],
        ),
        Toggle("generateAudio", label="Sound"),
        fields.prompt(always=True),
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
                    "mode": values["mode"],
                    "duration": values["duration"],
                    "aspectRatio": ratio(values),
                    "generateAudio": values["generateAudio"],
                    **frames_or_references(values, context.workflow, last="endImage"),
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By length, mode, sound and whether it starts from a video."""
        mode = step_input.get("mode", "standard")
        if mode not in PER_SECOND:
            return None
        rate = PER_SECOND[mode][bool(step_input.get("generateAudio"))]
        if str(step_input.get("operation", "")).startswith("video-to-video"):
            rate = PER_SECOND_OF_VIDEO[mode]
        return Price(rate, {"seconds": step_input.get("duration", 5)})
