"""Alibaba Wan 2.2, the mixture of experts."""

from __future__ import annotations

from typing import Any

from civgen.engines import fields, wan
from civgen.engines.base import BuildContext, Resources, Step, Values
from civgen.engines.wire import pixels
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice, Toggle
from civgen.forms.kinds.number import Number

#: Switch of the platform: made by Comfy at half the frame rate, then interpolated.
MULTI_STEP = "wan22MultiStep"
#: What is sent to Comfy whatever the form says, and what makes its frames twice as many.
COMFY_FRAME_RATE, COMFY_STEPS = wan.FRAME_RATE // 2, 20
INTERPOLATION = {"interpolationFactor": 2, "model": "VFIMamba"}

_ON_COMFY = {"match": {"feature": MULTI_STEP}}
_NOT_ON_COMFY = {**_ON_COMFY, "hidden": True, "why": "Comfy makes it in several steps"}


class Wan22(wan.Wan):
    """Wan 2.2 A14B: text to video and image to video, with up to two LoRAs.

    Operations: `txt2vid` and `img2vid`. On fal, one `videoGen` step with resolution and ratio; `draft` is
    fal's turbo. Where the platform's switch `wan22MultiStep` is on (`--feature`), Comfy makes it in pixels,
    at 12 frames a second and 20 steps, and a `videoInterpolation` step doubles the frames; then the form has
    a duration and more ratios, and neither draft nor interpolator. Which of the two it is stands as
    `provider` in `[engine_options]`. From an image, the ratio is the offered one nearest to it. Limits are
    the schemas': shift 1 to 10 on fal (the platform's form offers 20) and 1 to 20 on Comfy, a seed of 31
    bits. fal knows no interpolator `none`: then none is named, and fal takes its own.

    Prices on fal are published by resolution and second (52, 78 and 104 Buzz), with LoRAs 94.9 a second, and
    in turbo flat by resolution. The published formula for Comfy leaves its `length` undefined, so it has no
    price here.
    """

    key = "wan2.2"
    form = Form(
        *wan.opening(),
        fields.prompt(),
        fields.negative_prompt(),
        Choice("resolution", options=["480p", "720p"], default="480p"),
        wan.ratio(
            "16:9", "1:1", "9:16",
            when=[{**_ON_COMFY, "ratios": ["16:9", "4:3", "1:1", "3:4", "9:16", "5:4", "4:5"]}],
        ),
        Number(
            "shift", min=1, max=10, step=1, default=8, between=True, outside="default",
            when=[{**_ON_COMFY, "max": 20}],
        ),
        Choice(
            "duration", unit="s", options=fields.durations([3, 5]), default=5, hidden=True,
            when=[{**_ON_COMFY, "hidden": False}],
        ),
        Choice(
            "interpolatorModel", label="Interpolator", default="none", when=[_NOT_ON_COMFY],
            options=[
                {"value": "none", "label": "Provider's own"},
                {"value": "film", "label": "FILM"},
                {"value": "rife", "label": "RIFE"},
            ],
        ),
        Toggle("draft", when=[_NOT_ON_COMFY]),
        fields.resources(limit=2),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `videoGen` step on fal, or one for Comfy and one that interpolates it."""
        if context.option("provider") == "comfy":
            return _in_two_steps(wan.shared(values, resources, context) | _on_comfy(values))
        interpolator = values["interpolatorModel"]
        own = {
            "shift": values["shift"],
            "interpolatorModel": None if interpolator == "none" else interpolator,
            "useTurbo": values["draft"],
        }
        return [Step(self.step_type, wan.on_fal(values, resources, context) | own)]


def _on_comfy(values: Values) -> dict[str, Any]:
    return {
        **pixels(values),
        "negativePrompt": values["negativePrompt"],
        "frameRate": COMFY_FRAME_RATE,
        "steps": COMFY_STEPS,
        "shift": values["shift"],
    }


def _in_two_steps(video: dict[str, Any]) -> list[Step]:
    made = {"$ref": "$0", "path": "output.video.url"}
    return [
        Step("videoGen", video, {"suppressOutput": True}),
        Step("videoInterpolation", {"video": made, **INTERPOLATION}),
    ]
