"""ShengShu Vidu Q1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import frames_or_references, mentions, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle

#: Buzz a video, whatever its length, style and model (recipe page vidu).
PRICE = 600


class Vidu(Engine):
    """Vidu Q1: text, image, first and last frame, and references to video, with a drawn style.

    Operations: `txt2vid`, `img2vid` (a first image, perhaps a last one) and `img2vid:ref2vid` (up to seven
    references; a prompt left out names each by its place), all one `videoGen` step. Limits are the
    `ViduVideoGenInput` schema's, whose seed has 31 bits. The length is the orchestrator's choice, as on the
    platform. The model stands in `versions.engine.model`.

    The published price is flat.
    """

    key = "vidu"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.images(
            "img2vid", "img2vid:ref2vid", max=2, when=[{"match": {"workflow": "img2vid:ref2vid"}, "max": 7}]
        ),
        fields.model(),
        fields.seed(max=fields.INT32),
        Toggle("enablePromptEnhancer", label="Enhance prompt", default=True),
        Choice(
            "style", options=fields.capitalised("general", "anime"), default="general",
            when=[{"unless": {"workflow": "txt2vid"}, "hidden": True, "why": "follows the images"}],
        ),
        AspectRatio(
            sizes="720p-square-1024", default="1:1",
            when=[{"match": {"workflow": "img2vid"}, "hidden": True, "why": "follows the first image"}],
        ),
        Choice(
            "movementAmplitude", default="auto",
            options=fields.capitalised("auto", "small", "medium", "large"),
        ),
        fields.prompt(),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        refers = context.workflow == "img2vid:ref2vid"
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": context.option("model"),
                    "prompt": values["prompt"] or (mentions(values["images"], ",") if refers else ""),
                    "aspectRatio": ratio(values),
                    "style": values.get("style"),
                    "movementAmplitude": values["movementAmplitude"],
                    **frames_or_references(values, context.workflow, last="endSourceImage"),
                    "seed": values["seed"],
                    "enablePromptEnhancer": values["enablePromptEnhancer"],
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:  # noqa: ARG002
        """Flat."""
        return Price(PRICE)
