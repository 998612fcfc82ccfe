"""Genmo Mochi."""

from __future__ import annotations

from civgen.engines import fields, retired
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Toggle


class Mochi(Engine):
    """Mochi 1 by Genmo, open weights under Apache 2.0: text to video of 848 by 480 pixels and five seconds.

    Operations: `txt2vid`, one `videoGen` step. Limits are the `MochiVideoGenInput` schema's (a seed of 31
    bits) and those of the form of September 2025 (prompts of 1500 characters).

    No price is published.
    """

    key = "mochi"
    media = "video"
    step_type = "videoGen"
    retirement = retired.gone("that of August 2026 makes a Hunyuan video when asked for it")
    form = Form(
        fields.priority(),
        fields.model(),
        fields.prompt(always=True, max_length=retired.LONGEST),
        Toggle("enablePromptEnhancer", label="Enhance prompt", default=True),
        fields.seed(max=fields.INT32),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        said = {name: values[name] for name in ("prompt", "enablePromptEnhancer", "seed")}
        return [Step(self.step_type, {"engine": self.key, **said})]
