"""Frames between the frames of a video."""

from __future__ import annotations

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.utilities import video_source
from civgen.forms.form import Form
from civgen.forms.kinds.scale import Factor


class VideoInterpolate(Engine):
    """A tool that gives a video two or three times as many frames a second (VFIMamba).

    Operation: `vid2vid:interpolate`, one `videoInterpolation` step, without any ecosystem. The result ends at
    120 frames a second, as in the platform's form; where the request tells the speed of the video, larger
    factors are not on offer. The platform's form shows 4 too, which the contract refuses.

    The price follows pixels, speed, length and factor: `civgen.engines.utilities`.
    """

    key = "video-interpolate"
    media = "video"
    step_type = "videoInterpolation"
    form = Form(
        fields.video("vid2vid:interpolate"),
        Factor(
            "interpolationFactor", of="video", measure="fps", limit=120,
            options=[2, 3], default=2, required=True,
        ),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoInterpolation` step."""
        taken = {"video": values["video"]["url"], "interpolationFactor": values["interpolationFactor"]}
        return [Step(self.step_type, taken, source=video_source(values))]
