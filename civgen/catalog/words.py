"""The words that records are made of: types with their limits, and the root of all records."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Scalar = str | int | float | bool
Match = dict[str, Any]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Number = Annotated[int, Field(gt=0)]
Media = Literal["image", "video", "audio", "model3d"]
ModelType = Literal[
    "Checkpoint",
    "LORA",
    "LoCon",
    "DoRA",
    "VAE",
    "TextualInversion",
    "Upscaler",
    "Controlnet",
    "TextEncoder",
    "UNet",
]


class Record(BaseModel):
    """Root of all records: no unknown keys, no conversion of types, no change after reading."""

    # A command reads few kinds of record: the validators of the others are never built.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
