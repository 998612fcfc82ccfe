"""Published prices of the orchestrator's other steps: utilities, and what no engine of ours makes.

Those of utilities hang on the medium that goes in. A step's input only says where it is, so what is known of
it comes beside the step: `width` and `height` in pixels, `fps` frames and `duration` seconds of a video.
Without it the price is not known. Formulas are those of the recipe pages convert-image, image-upscaler,
image-background-removal, video-upscaler and video-interpolation; the flat ones are in the index of recipes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from civgen.engines.base import Price, Values

#: Constant, and factor of megapixels × frames, by interpolation factor.
INTERPOLATION = {2: (2.188, 0.29297), 3: (0.324, 0.51379)}

#: Flat, by the engine, model and operation of `polyGen`.
MODELS_3D = {("fal", "meshy", "textTo3D"): 1040}


def video_source(values: Values) -> dict[str, Any]:
    """What a request tells of the size, speed and length of its video."""
    told = values["video"].get("metadata") or {}
    return {name: told[name] for name in ("width", "height", "fps", "duration") if name in told}


def utility_price(step_type: str, step_input: Mapping[str, Any], source: Mapping[str, Any]) -> Price | None:
    """The published price of a utility step, or None where it has none or the medium is not known."""
    try:
        return _PRICES[step_type](step_input, source) if step_type in _PRICES else None
    except KeyError:  # a measure of the medium that nobody told
        return None


def _convert(step_input: Mapping[str, Any], source: Mapping[str, Any]) -> Price:  # noqa: ARG001
    return Price(1)


def _upscale_image(step_input: Mapping[str, Any], source: Mapping[str, Any]) -> Price:
    repeats = step_input.get("numberOfRepeats", 1)
    return Price(max(1, math.ceil(_megapixels(source))), {"repeats": 2**repeats})


def _remove_background(step_input: Mapping[str, Any], source: Mapping[str, Any]) -> Price:  # noqa: ARG001
    return Price(0.6 * 10 / 8, {"megapixels": _megapixels(source)}, {"start": 4.7 * 10 / 8})


def _upscale_video(step_input: Mapping[str, Any], source: Mapping[str, Any]) -> Price:
    factor = step_input.get("scaleFactor", 2)
    pixels = _megapixels(source) * 1e6 * source["fps"] * source["duration"]
    by_pixels = (1.08e-6 * factor - 1.15e-6) * pixels - 1.44e-16 * pixels**2
    return Price(max(1.0, -16.35 + 0.4366 * factor + 2.73 * factor**2 + by_pixels))


def _interpolate(step_input: Mapping[str, Any], source: Mapping[str, Any]) -> Price:
    constant, rate = INTERPOLATION[step_input.get("interpolationFactor", 2)]
    frames = source["fps"] * source["duration"]
    return Price(rate, {"megapixels": _megapixels(source), "frames": frames}, {"start": constant})


def _model_3d(step_input: Mapping[str, Any], source: Mapping[str, Any]) -> Price:  # noqa: ARG001
    return Price(MODELS_3D[tuple(step_input[name] for name in ("engine", "model", "operation"))])


def _megapixels(source: Mapping[str, Any]) -> float:
    return float(source["width"] * source["height"]) / 1e6


_PRICES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Price]] = {
    "convertImage": _convert,
    "imageUpscaler": _upscale_image,
    "imageBackgroundRemoval": _remove_background,
    "videoUpscaler": _upscale_video,
    "videoInterpolation": _interpolate,
    "polyGen": _model_3d,
}
