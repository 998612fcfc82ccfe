"""Alibaba Taotian HappyHorse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Step, Values
from civgen.engines.wire import first_url, image_urls, ratio
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice
from civgen.forms.kinds.number import Number

#: Published prices (recipe page happy-horse): Buzz a second by version and resolution.
PER_SECOND = {"v1.0": {"720p": 182, "1080p": 364}, "v1.1": {"720p": 182, "1080p": 234}}
#: The same for edits of a video.
PER_SECOND_OF_VIDEO = {"v1.0": {"720p": 364, "1080p": 728}}

OPERATIONS = {
    "txt2vid": "textToVideo",
    "img2vid": "imageToVideo",
    "img2vid:ref2vid": "referenceToVideo",
    "vid2vid:edit": "videoEdit",
}
_SHAPED = ["txt2vid", "img2vid:ref2vid"]


class HappyHorse(Engine):
    """HappyHorse 1.0 and 1.1: text, image and references to video, and edits, 3 to 15 seconds up to 1080p.

    Operations: `txt2vid`, `img2vid` (one image), `img2vid:ref2vid` (up to nine references) and, in 1.0 only,
    `vid2vid:edit` (a video and up to nine references), all one `videoGen` step. The version stands in
    `versions.engine.version`. Limits are the `HappyHorse…Input` schemas'.

    Prices are published a second, by version and resolution, and for edits by the length of the source;
    the length asked for stands in for it.
    """

    key = "happy-horse"
    wire_engine = "happyHorse"
    media = "video"
    step_type = "videoGen"
    form = Form(
        fields.model(),
        fields.images(
            "img2vid", "img2vid:ref2vid", "vid2vid:edit",
            when=[{"match": {"workflow": ["img2vid:ref2vid", "vid2vid:edit"]}, "max": 9}],
        ),
        fields.video("vid2vid:edit"),
        Choice("resolution", options=["720p", "1080p"], default="720p"),
        AspectRatio(
            sizes="720p", ratios=["16:9", "4:3", "1:1", "3:4", "9:16"], default="16:9",
            when=[{"unless": {"workflow": _SHAPED}, "hidden": True, "why": "follows the source"}],
        ),
        Number("duration", unit="s", min=3, max=15, step=1, default=5),
        Choice(
            "audioSetting", label="Sound", options=fields.capitalised("auto", "origin"), default="auto",
            when=[{"unless": {"workflow": "vid2vid:edit"}, "hidden": True, "why": "is for edits"}],
        ),
        fields.seed(),
        fields.prompt(),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.wire_engine,
                    "version": context.option("version"),
                    "operation": OPERATIONS[context.workflow],
                    "prompt": values["prompt"],
                    "resolution": values["resolution"],
                    "duration": values["duration"],
                    "seed": values["seed"],
                    "aspectRatio": ratio(values),
                    **_sources(values, context.workflow),
                },
            )
        ]

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """By length, version, resolution and whether a video is edited."""
        edits = step_input.get("operation") == "videoEdit"
        rates = (PER_SECOND_OF_VIDEO if edits else PER_SECOND).get(step_input.get("version", ""), {})
        rate = rates.get(step_input.get("resolution", "1080p"))
        return Price(rate, {"seconds": step_input.get("duration", 5)}) if rate else None


def _sources(values: Values, workflow: str) -> dict[str, Any]:
    """What an operation starts from, under the names it has there."""
    if workflow == "img2vid":
        return {"image": first_url(values)}
    if workflow == "img2vid:ref2vid":
        return {"images": image_urls(values)}
    if workflow == "vid2vid:edit":
        edited = {"sourceVideo": values["video"]["url"], "referenceImages": image_urls(values)}
        return edited | {"audioSetting": values["audioSetting"]}
    return {}
