"""What the versions of Wan video have in common: fields, spelling, published prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Price, Resources, Values
from civgen.engines.wire import image_urls, lora_list
from civgen.forms.field import Field
from civgen.forms.kinds.choice import AspectRatio
from civgen.forms.kinds.number import Number

#: Frames a second that the platform asks of every version.
FRAME_RATE = 24

#: Published prices (recipe page wan; "about" for v2.2 and v2.2-5b), in Buzz. A second of video by version and
#: resolution; v2.7 costs the same at any.
PER_SECOND: Mapping[str, Mapping[str, float]] = {
    "v2.1": {"480p": 100, "720p": 200, "1080p": 300},
    "v2.2": {"480p": 52, "580p": 78, "720p": 104},
    "v2.5": {"480p": 100, "720p": 200, "1080p": 300},
    "v2.6": {"720p": 130, "1080p": 195},
    "v2.7": {"720p": 130, "1080p": 130},
}
#: A second of v2.2 with LoRAs, at any resolution.
PER_SECOND_WITH_LORAS = 94.9
#: A whole video of v2.2 in turbo, by resolution.
TURBO = {"480p": 65, "580p": 97.5, "720p": 130}
#: A whole video of v2.2-5b: as it is, distilled, and with FastWan (published for 720p).
WHOLE_5B, DISTILLED_5B, FAST_5B = 142.35, 75.9, 32.5
#: What the contract makes when nothing is said.
DEFAULT_RESOLUTION = {"v2.2": "720p", "v2.2-5b": "720p", "v2.5": "1080p", "v2.6": "1080p", "v2.7": "1080p"}
DEFAULT_VERSION, DEFAULT_SECONDS = "v2.1", 5


class Wan(Engine):
    """Base of the Wan engines: all are `wan` on the wire, told apart by `version` and `provider`."""

    media = "video"
    step_type = "videoGen"
    wire_engine = "wan"

    def price(self, step_input: Mapping[str, Any]) -> Price | None:
        """As published, for every version."""
        return _price(step_input)


def opening() -> list[Field]:
    """The fields up to the guidance, of v2.1, v2.2, v2.2-5b and v2.5."""
    presets = fields.presets(Low=2, Balanced=3.5, High=6)
    return [
        fields.images("img2vid"),
        fields.model(),
        fields.seed(max=fields.INT32),
        Number("cfgScale", label="CFG scale", min=1, max=10, step=0.5, default=3.5, presets=presets),
    ]


def ratio(*ratios: str, **properties: Any) -> Field:
    """The aspect ratio; that of the first image, once there is one."""
    given = {"sizes": "480p", "ratios": list(ratios), "default": "1:1"} | properties
    return AspectRatio(follows="images", why="follows the first image", **given)


def shared(values: Values, resources: Resources, context: BuildContext) -> dict[str, Any]:
    """What v2.1, v2.2, v2.2-5b and v2.5 take, whoever provides them."""
    return {
        "engine": Wan.wire_engine,
        "version": context.option("version"),
        "provider": context.option("provider"),
        "prompt": values["prompt"],
        "cfgScale": values["cfgScale"],
        "duration": values.get("duration"),
        "seed": values["seed"],
        "loras": lora_list(resources) or None,
        "images": image_urls(values) or None,
    }


def on_fal(values: Values, resources: Resources, context: BuildContext) -> dict[str, Any]:
    """What v2.2, v2.2-5b and v2.5 take on fal: a resolution and a ratio, no pixels."""
    return shared(values, resources, context) | {
        "operation": "image-to-video" if values.get("images") else "text-to-video",
        "frameRate": FRAME_RATE,
        "negativePrompt": values["negativePrompt"],
        "resolution": values["resolution"],
        "aspectRatio": values["aspectRatio"]["value"],
        "enablePromptExpansion": False,
    }


def _price(step_input: Mapping[str, Any]) -> Price | None:
    version = step_input.get("version", DEFAULT_VERSION)
    if step_input.get("provider") == "comfy":
        return None
    resolution = step_input.get("resolution") or _by_sides(step_input) or DEFAULT_RESOLUTION.get(version)
    if version == "v2.2-5b":
        return _price_5b(step_input, resolution)
    if version == "v2.2" and step_input.get("useTurbo"):
        return Price(TURBO[resolution]) if resolution in TURBO else None
    base = PER_SECOND.get(version, {}).get(resolution or "")
    if version == "v2.2" and step_input.get("loras"):
        base = PER_SECOND_WITH_LORAS
    return Price(base, {"seconds": step_input.get("duration", DEFAULT_SECONDS)}) if base else None


def _price_5b(step_input: Mapping[str, Any], resolution: str | None) -> Price | None:
    if step_input.get("operation") == "image-to-video":
        return Price(WHOLE_5B)
    if step_input.get("useFastWan"):
        return Price(FAST_5B) if resolution == "720p" else None
    return Price(DISTILLED_5B if step_input.get("useDistill") else WHOLE_5B)


def _by_sides(step_input: Mapping[str, Any]) -> str | None:
    """The resolution that a size in pixels amounts to: v2.1 has no field for it."""
    sides = [step_input[name] for name in ("width", "height") if name in step_input]
    return f"{min(sides)}p" if sides else None
