"""What the versions of LTX video have in common: fields, spelling, published price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import checkpoint_air, image_urls, lora_strengths, pixels
from civgen.forms.field import Field
from civgen.forms.kinds.choice import AspectRatio
from civgen.forms.kinds.number import Number

#: Published price (recipe page ltx2): Buzz a megapixel and frame at the reference number of steps, rounded
#: up; `0.0008 * 1000 * 1.5` there.
PER_MEGAPIXEL_FRAME, REFERENCE_STEPS = 1.2, 20
#: What the contract makes when nothing is said.
WIDTH, HEIGHT, SECONDS, FRAME_RATE, STEPS = 1280, 720, 5, 24, 20
#: Operations whose number of frames follows from the input; the page leaves that of the others open.
PRICED = ("createVideo", "firstLastFrameToVideo")

_GUIDANCE = fields.presets(Low=2, Balanced=3, High=5)
_STEPS = fields.presets(Fast=20, Balanced=30, Quality=50)


class Ltx(Engine):
    """Base of the LTX engines."""

    media = "video"
    step_type = "videoGen"

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `videoGen` step."""
        weights = checkpoint_air(resources) if context.options.get("ownWeights") else None
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": context.options.get("model"),
                    "diffusionModel": weights,
                    "prompt": values["prompt"],
                    "negativePrompt": values["negativePrompt"],
                    **pixels(values),
                    "guidanceScale": values.get("cfgScale", context.options.get("guidanceScale")),
                    "steps": values.get("steps", context.options.get("steps")),
                    "duration": values["duration"],
                    "generateAudio": values.get("generateAudio"),
                    "seed": values["seed"],
                    "quantity": values.get("quantity"),
                    "loras": lora_strengths(resources) or None,
                    **_operation(values, context.workflow),
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By pixels, frames and steps; for several videos at once none is published."""
        if step_input.get("operation", "createVideo") not in PRICED or step_input.get("quantity", 1) > 1:
            return None
        area = step_input.get("width", WIDTH) * step_input.get("height", HEIGHT)
        frames = step_input.get("duration", SECONDS) * step_input.get("fps", FRAME_RATE)
        steps = step_input.get("steps", STEPS) / REFERENCE_STEPS
        factors = {"megapixels": area / 1e6, "frames": frames, "steps": steps}
        return Price(PER_MEGAPIXEL_FRAME, factors, rounds_up=True)


def opening(*workflows: str, **properties: Any) -> list[Field]:
    """The fields up to the resources.

    Args:
        workflows: workflow keys that take images, a first and perhaps a last one.
    """
    return [
        fields.images(*workflows, max=2, **properties),
        fields.model(),
        fields.seed(max=fields.INT32),
        Number("cfgScale", label="CFG scale", min=1, max=10, step=0.5, default=3, presets=_GUIDANCE),
        Number("steps", min=10, max=50, step=1, default=30, presets=_STEPS),
        Number(
            "frameGuideStrength", label="Hold to the frames", min=0, max=1, step=0.05, default=1,
            when=[{"unless": {"images": {"min": 2}}, "hidden": True, "why": "needs two frames"}],
        ),
        fields.resources(),
    ]  # fmt: skip


def ratio(sizes: str) -> Field:
    """The aspect ratio; between frames, that of the first one."""
    between_frames = {"match": {"workflow": "img2vid"}, "hidden": True, "follows": "images"}
    return AspectRatio(
        sizes=sizes, default="16:9", when=[{**between_frames, "why": "follows the first frame"}]
    )


def _operation(values: Values, workflow: str) -> dict[str, Any]:
    images = image_urls(values)
    if workflow != "img2vid":
        return {"operation": "createVideo", "images": images or None}
    return {
        "operation": "firstLastFrameToVideo",
        "firstFrame": images[0],
        "lastFrame": images[1] if len(images) > 1 else None,
        "frameGuideStrength": values.get("frameGuideStrength"),
    }
