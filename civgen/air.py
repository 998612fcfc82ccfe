"""AIR: the URN that names a model version.

Canonical form `urn:air:{ecosystem}:{type}:{source}:{id}[@{version}][+{file}][.{format}]`, as the
platform's guide defines it and its client parses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from civgen.errors import InvalidInput

#: The model type as rows spell it -> the type segment of an AIR.
TYPE_SEGMENTS = {
    "AestheticGradient": "ag",
    "Checkpoint": "checkpoint",
    "Hypernetwork": "hypernet",
    "TextualInversion": "embedding",
    "MotionModule": "motion",
    "Upscaler": "upscaler",
    "VAE": "vae",
    "LORA": "lora",
    "DoRA": "dora",
    "LoCon": "lycoris",
    "Controlnet": "controlnet",
    "TextEncoder": "text_encoders",
    "UNet": "unet",
    "CLIPVision": "clipvision",
    "CLIP": "clip",
    "VisionLanguage": "visionlanguage",
}

#: The other way round; `unknown` and anything newer have no row type.
MODEL_TYPES = {segment: model_type for model_type, segment in TYPE_SEGMENTS.items()}

_AIR = re.compile(
    r"^(?:urn:)?(?:air:)?"
    r"(?:(?P<ecosystem>[\w\-/]+):)?"
    r"(?:(?P<type>[\w\-/]+):)?"
    r"(?P<source>[\w\-/]+):"
    r"(?P<id>[\w\-/.]+)"
    r"(?:@(?P<version>[\w\-/.]+))?"
    r"(?:\+(?P<file>\d+))?"
    r"(?:\.(?P<format>[\w\-]+))?$",
    re.IGNORECASE | re.ASCII,
)


#: What the orchestrator takes beyond that: a version may hold `=`, `,`, `%`, `+` and `:`.
_SERVER_VERSION = re.compile(r"^(?P<before>[^@]+)@(?P<version>[\w\-/.=,%+:]+)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Air:
    """The parts of an AIR; `ecosystem` and `type` may be missing in short forms."""

    source: str
    id: str
    ecosystem: str | None = None
    type: str | None = None
    version: str | None = None
    file: int | None = None
    format: str | None = None

    def __str__(self) -> str:
        text = (
            f"urn:air:{(self.ecosystem or 'other').lower()}:{self.type or 'unknown'}:{self.source}:{self.id}"
        )
        text += f"@{self.version}" if self.version else ""
        text += f"+{self.file}" if self.file is not None else ""
        return text + (f".{self.format}" if self.format else "")


def parse_air(text: str) -> Air:
    """Read an AIR in its full or a short form, as the platform's client does.

    What only the orchestrator takes (a layer behind the version, for instance) is read too: then
    everything behind the `@` is the version.

    >>> parse_air("urn:air:sdxl:lora:civitai:328553@368189").version
    '368189'
    >>> parse_air("urn:air:sdxl:lora:civitai:1@2:layer").version
    '2:layer'

    Raises:
        InvalidInput: the text is no AIR.
    """
    found = _AIR.match(text)
    if not found and (wider := _SERVER_VERSION.match(text)) and (before := _AIR.match(wider["before"])):
        return Air(before["source"], before["id"], before["ecosystem"], before["type"], wider["version"])
    if not found:
        raise InvalidInput(
            f"{text!r} is not an AIR.",
            hint="Write urn:air:<ecosystem>:<type>:<source>:<id>@<version>, "
            "for instance urn:air:sdxl:lora:civitai:328553@368189.",
        )
    file = found["file"]
    return Air(
        found["source"],
        found["id"],
        found["ecosystem"],
        found["type"],
        found["version"],
        int(file) if file else None,
        found["format"],
    )


def model_version_air(ecosystem: str, model_type: str, model_id: int, version_id: int) -> str:
    """The AIR of a model version on the platform.

    >>> model_version_air("sdxl", "LoCon", 1, 2)
    'urn:air:sdxl:lycoris:civitai:1@2'

    Args:
        ecosystem: the AIR segment of the root ecosystem, in lower case.
        model_type: as rows spell it, for instance `LORA`.
        model_id: number of the model.
        version_id: number of the model version.
    """
    segment = TYPE_SEGMENTS.get(model_type, "unknown")
    return str(Air("civitai", str(model_id), ecosystem, segment, str(version_id)))
