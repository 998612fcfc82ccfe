"""What the engines have in common that the platform has retired.

Their forms are those of September 2025, the last that had them.
"""

from __future__ import annotations

from civgen.engines import fields
from civgen.forms.field import Field

#: Characters of a prompt, and of a negative one.
LONGEST = 1500


def opening() -> list[Field]:
    """The fields up to the prompt, for text and image to video."""
    return [fields.priority(), fields.images("img2vid"), fields.prompt(max_length=LONGEST)]
