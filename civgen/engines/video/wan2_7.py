"""Alibaba Wan 2.7."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from civgen.engines import fields, wan
from civgen.engines.base import BuildContext, Resources, Step, Values
from civgen.engines.wire import image_urls
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice, Toggle
from civgen.forms.kinds.number import Number

_ENHANCED = {"workflow": ["txt2vid", "img2vid"]}


class Wan27(wan.Wan):
    """Wan 2.7 on fal: text to video, first and last frame, references, and edits of a video.

    Operations: `txt2vid`, `img2vid` (a first frame, and perhaps a last one), `img2vid:ref2vid` (one to five
    references) and `vid2vid:edit`, each one `videoGen` step of its own shape. Image or video in, the ratio is
    theirs. `version` and `provider` stand in `[engine_options]`. Limits are the schemas' and the platform's
    form's: 720p or 1080p, 2 to 15 seconds (10 from references and for edits), negative prompts of 500
    characters, a seed of 31 bits. It takes neither guidance nor LoRAs, though the platform's form shows the
    first.

    The published price is 130 Buzz a second at any resolution.
    """

    key = "wan2.7"
    form = Form(
        fields.images(
            "img2vid", "img2vid:ref2vid", max=2,
            when=[{"match": {"workflow": "img2vid:ref2vid"}, "max": 5}],
        ),
        fields.model(),
        fields.seed(max=fields.INT32),
        fields.video("vid2vid:edit"),
        fields.prompt(),
        fields.negative_prompt(
            max_length=500,
            when=[{"match": {"workflow": "vid2vid:edit"}, "hidden": True, "why": "an edit takes none"}],
        ),
        Choice("resolution", options=["720p", "1080p"], default="720p"),
        wan.ratio(
            "16:9", "4:3", "1:1", "3:4", "9:16", sizes="720p", default="16:9",
            when=[{"match": {"video": {"given": True}}, "hidden": True, "why": "follows the video"}],
        ),
        Number(
            "duration", min=2, max=15, step=1, default=5, unit="s",
            when=[{"match": {"workflow": ["img2vid:ref2vid", "vid2vid:edit"]}, "max": 10}],
        ),
        Toggle(
            "enablePromptEnhancer", label="Enhance prompt",
            when=[{"unless": _ENHANCED, "hidden": True, "why": "does not apply to references and edits"}],
        ),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        common = {
            "engine": self.wire_engine,
            "version": context.option("version"),
            "provider": context.option("provider"),
            "prompt": values["prompt"],
            "negativePrompt": values.get("negativePrompt"),
            "resolution": values["resolution"],
            "duration": values["duration"],
            "seed": values["seed"],
        }
        return [Step(self.step_type, common | _OPERATIONS[context.workflow](values))]


def _from_text(values: Values) -> dict[str, Any]:
    return {
        "operation": "text-to-video",
        "aspectRatio": values["aspectRatio"]["value"],
        "enablePromptExpansion": values["enablePromptEnhancer"],
    }


def _from_frames(values: Values) -> dict[str, Any]:
    first, *last = image_urls(values)
    return {
        "operation": "image-to-video",
        "startImage": first,
        "endImage": next(iter(last), None),
        "enablePromptExpansion": values["enablePromptEnhancer"],
    }


def _from_references(values: Values) -> dict[str, Any]:
    return {"operation": "reference-to-video", "referenceImages": image_urls(values)}


def _edit(values: Values) -> dict[str, Any]:
    return {"operation": "edit-video", "videoUrl": values["video"]["url"], "audioSetting": "auto"}


_OPERATIONS: Mapping[str, Callable[[Values], dict[str, Any]]] = {
    "txt2vid": _from_text,
    "img2vid": _from_frames,
    "img2vid:ref2vid": _from_references,
    "vid2vid:edit": _edit,
}
