"""Lightricks LTX 2."""

from __future__ import annotations

from civgen.engines import fields, ltx
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice


class Ltx2(ltx.Ltx):
    """LTX 2 with 19 billion parameters, on open weights: text to video, and video between frames, with LoRAs.

    Operations: `txt2vid` (`createVideo`) and `img2vid` (`firstLastFrameToVideo`: a first frame, and perhaps a
    last one; the ratio is the offered one nearest to the first), both one `videoGen` step. A version says in
    its `engine` table which model it is, and what a distilled one always sends as guidance and steps. Limits
    are the `ComfyLtx2VideoGenInput` schema's: 3 or 5 seconds (the platform's form offers 7 too), guidance 1
    to 10, at most 50 steps, a seed of 31 bits.

    The price is published by pixels, frames and steps, rounded up; sound, model and LoRAs do not matter.
    """

    key = "ltx2"
    form = Form(
        *ltx.opening("img2vid"),
        ltx.ratio("ltx-480p"),
        Choice("duration", unit="s", options=fields.durations([3, 5]), default=5),
        fields.prompt(),
        fields.negative_prompt(),
    )
