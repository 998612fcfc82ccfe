"""Lightricks LTX 2.3."""

from __future__ import annotations

from civgen.engines import fields, ltx
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice, Toggle
from civgen.forms.kinds.number import Number, Quantity

_REFERENCE = "img2vid:ref2vid"


class Ltx23(ltx.Ltx):
    """LTX 2.3 with 22 billion parameters, on open weights: up to 20 seconds, with sound.

    Operations: `txt2vid` and, with one reference, `img2vid:ref2vid` (`createVideo`), and `img2vid`
    (`firstLastFrameToVideo`: a first frame, and perhaps a last one; the ratio is the offered one nearest to
    the first), all one `videoGen` step. A version says in its `engine` table which model it is, what a
    distilled one always sends as guidance and steps, and with `ownWeights` that its own weights replace the
    model's. Limits are the `ComfyLtx23VideoGenInput` schema's: 3 to 20 seconds (15 at 1080p), guidance 1 to
    10, at most 50 steps, ten videos at a time, a seed of 31 bits.

    The price is published by pixels, frames and steps, rounded up; sound, model and LoRAs do not matter. For
    several videos at a time none is published.
    """

    key = "ltx2.3"
    form = Form(
        *ltx.opening("img2vid", _REFERENCE, when=[{"match": {"workflow": _REFERENCE}, "max": 1}]),
        Choice("resolution", options=["720p", "1080p"], default="720p"),
        ltx.ratio("ltx-720p"),
        Number(
            "duration", min=3, max=20, step=1, default=5, unit="s",
            when=[{"match": {"resolution": "1080p"}, "max": 15}],
        ),
        Toggle("generateAudio", label="Sound", default=True),
        fields.prompt(),
        fields.negative_prompt(),
        Quantity("quantity", min=1, max=10, step=1, default=1, capped_by="video_quantity"),
    )  # fmt: skip
