"""Cutting the subject of an image out."""

from __future__ import annotations

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.comfy import comfy_step
from civgen.forms.form import Form


class RemoveBackground(Engine):
    """A tool that removes the background of one image (BiRefNet); the result is a PNG.

    Operation: `img2img:remove-background`, one `comfy` step, without any ecosystem.

    No price is published for `comfy` steps; that of the orchestrator's own `imageBackgroundRemoval` stands in
    `civgen.engines.utilities`.
    """

    key = "remove-background"
    media = "image"
    step_type = "comfy"
    form = Form(fields.priority(), fields.images("img2img:remove-background"))

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `comfy` step."""
        image = values["images"][0]["url"]
        return [comfy_step(context.workflow, {"image": image}, resources, quantity=1)]
