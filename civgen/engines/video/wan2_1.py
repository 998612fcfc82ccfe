"""Alibaba Wan 2.1."""

from __future__ import annotations

from civgen.engines import fields, wan
from civgen.engines.base import BuildContext, Resources, Step, Values
from civgen.engines.wire import pixels
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice


class Wan21(wan.Wan):
    """Wan 2.1 with 14 billion parameters, on Civitai's workers: text and image to video, at 480p or 720p.

    Operations: `txt2vid` and `img2vid`, both one `videoGen` step in pixels. The weights for images differ by
    resolution, so each has its own ecosystem; what decides behind the wire is the size. From an image, the
    ratio is the offered one nearest to it. `version` and `provider` stand in `[engine_options]`. Limits are
    the `Wan21CivitaiVideoGenInput` schema's, with 3 or 5 seconds and guidance 1 to 10 as in the platform's
    form, and a seed of 31 bits.

    The published price is 100, 200 or 300 Buzz a second at 480p, 720p or 1080p; the resolution is read from
    the shorter side.
    """

    key = "wan2.1"
    form = Form(
        *wan.opening(),
        Choice("resolution", options=["480p", "720p"], default="480p"),
        wan.ratio("16:9", "3:2", "1:1", "2:3", "9:16"),
        Choice("duration", unit="s", options=fields.durations([3, 5]), default=5),
        fields.resources(),
        fields.prompt(),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `videoGen` step."""
        own = {**pixels(values), "frameRate": wan.FRAME_RATE}
        return [Step(self.step_type, wan.shared(values, resources, context) | own)]
