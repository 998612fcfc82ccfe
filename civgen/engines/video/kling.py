"""Kuaishou Kling up to 2.5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import first_url, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.number import Number

#: Published prices (recipe page kling): Buzz for five seconds in standard mode.
BASE = {"v1": 600, "v1.5": 600, "v1.6": 600, "v2": 1200, "v2.5-turbo": 600}
#: What professional mode multiplies by, where the model has modes: 1050 to 600.
PROFESSIONAL = 1.75
_WITH_MODES = ("v1", "v1.5", "v1.6")


class Kling(Engine):
    """Kling 1.6, 2 and 2.5 Turbo: text to video and image to video, five or ten seconds.

    Operations: `txt2vid` and `img2vid` (one image), both one `videoGen` step. The model stands in
    `versions.engine.model`; only 1.6 has modes. Limits are the `KlingVideoGenInput` schema's; guidance
    starts at 0.1, as in the platform's form. That schema has no seed and no prompt enhancer: both stay in
    the metadata.

    Prices are published by model, mode (up to 1.6) and length.
    """

    key = "kling"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.images("img2vid", why="only version 3 takes a last frame"),
        fields.model(),
        fields.seed(why="Kling takes none: it only stays in the metadata"),
        Toggle(
            "enablePromptEnhancer", label="Enhance prompt", default=True,
            why="Kling takes none: it only stays in the metadata",
        ),
        fields.prompt(),
        fields.negative_prompt(),
        AspectRatio(
            sizes="720p-square-1024", default="1:1",
            when=[{"match": {"workflow": "img2vid"}, "hidden": True, "why": "follows the image"}],
        ),
        Choice(
            "mode", options=fields.capitalised("standard", "professional"), default="standard",
            hidden=True, why="the model has only one",
        ),
        Choice(
            "duration", unit="s", default="5",
            options=[{"value": one, "label": f"{one} seconds"} for one in ("5", "10")],
        ),
        Number(
            "cfgScale", label="Guidance", min=0.1, max=1, step=0.1, default=0.5,
            presets=[
                {"label": "Low", "value": 0.3},
                {"label": "Medium", "value": 0.5},
                {"label": "High", "value": 0.7},
            ],
        ),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": context.option("model"),
                    "prompt": values["prompt"],
                    "negativePrompt": values["negativePrompt"],
                    "aspectRatio": ratio(values),
                    "mode": values.get("mode"),
                    "duration": values["duration"],
                    "cfgScale": values["cfgScale"],
                    "sourceImage": first_url(values),
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By model, mode and length."""
        model = step_input.get("model")
        if model not in BASE:
            return None
        professional = model in _WITH_MODES and step_input.get("mode") == "professional"
        factors = {"length": float(step_input.get("duration", 5)) / 5}
        return Price(BASE[model], factors | ({"professional": PROFESSIONAL} if professional else {}))
