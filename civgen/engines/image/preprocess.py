"""Edges, depth, poses and the like, derived from an image."""

from __future__ import annotations

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Choice
from civgen.forms.kinds.details import Details
from civgen.forms.kinds.number import Number


class Preprocess(Engine):
    """A tool that derives what guides other images: edges, depth, normals, a pose, a segmentation.

    Operation: `img2img:preprocess`, one `preprocessImage` step, without any ecosystem. The kinds stand with
    the workflow key; what `kindParams` may say differs by kind, and the contract's schema of it decides.
    Limits are the platform's form's: a resolution of 64 to 2048 pixels (the contract takes 4096).

    No price is published.
    """

    key = "preprocess"
    media = "image"
    step_type = "preprocessImage"
    form = Form(
        fields.images("img2img:preprocess"),
        Choice("preprocessKind", label="Kind", options=[]),
        Number("preprocessResolution", label="Resolution", min=64, max=2048, step=8, default=512, unit="px"),
        Details("kindParams", label="Settings of the kind"),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `preprocessImage` step."""
        taken = {
            **values["kindParams"],
            "kind": values["preprocessKind"],
            "image": values["images"][0]["url"],
            "resolution": values["preprocessResolution"],
        }
        return [Step(self.step_type, taken)]
