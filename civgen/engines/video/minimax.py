"""MiniMax Hailuo."""

from __future__ import annotations

from civgen.engines import retired
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.wire import first_image
from civgen.forms.form import Form
from civgen.forms.kinds.choice import Toggle

#: The only model that the contract has, as it spells it.
MODEL = "hailou"


class MiniMax(Engine):
    """Hailuo by MiniMax: text to video and image to video, hosted, with nothing to set but the prompt.

    Operations: `txt2vid` and `img2vid`, both one `videoGen` step. Limits are the `MiniMaxVideoGenInput`
    schema's, which has neither seed nor duration, and those of the form of September 2025 (prompts of 1500
    characters).

    No price is published.
    """

    key = "minimax"
    media = "video"
    step_type = "videoGen"
    retirement = retired.gone("that of August 2026 has the newer MiniMax H3 under engines of its own")
    form = Form(
        *retired.opening(),
        Toggle("enablePromptEnhancer", label="Enhance prompt", default=True),
    )

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:  # noqa: ARG002
        """One `videoGen` step."""
        return [
            Step(
                self.step_type,
                {
                    "engine": self.key,
                    "model": MODEL,
                    "prompt": values["prompt"],
                    "enablePromptEnhancer": values["enablePromptEnhancer"],
                    "sourceImage": first_image(values),
                },
            )
        ]
