"""What a step gives: how many files of which kind, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.sandbox.media import FORMATS, draw

#: Step type -> what its output calls its files, whether that is a list, and what they are.
_STEPS: dict[str, tuple[str, bool, str]] = {
    "textToImage": ("images", True, "image"),
    "imageGen": ("images", True, "image"),
    "comfy": ("blobs", True, "image"),
    "customComfy": ("blobs", True, "image"),
    "imageUpscaler": ("blob", False, "image"),
    "imageUpload": ("blob", False, "image"),
    "preprocessImage": ("blob", False, "image"),
    "convertImage": ("blob", False, "image"),
    "imageBackgroundRemoval": ("image", False, "image"),
    "videoGen": ("video", False, "video"),
    "videoUpscaler": ("video", False, "video"),
    "videoInterpolation": ("video", False, "video"),
    "videoEnhancement": ("video", False, "video"),
}
#: Longest side, in pixels.
LARGEST = {"image": 256, "video": 128}
_LEVEL_WORDS = re.compile(r"\[sandbox:(pg13|r|x|xxx)\]")
_RATIO = re.compile(r"(\d{1,5})[:x](\d{1,5})", re.ASCII)
_SECONDS, _LONGEST = 5.0, 600.0


@dataclass(frozen=True, slots=True)
class Output:
    """One file that a step gives; its content follows from this.

    Attributes:
        number: from 0.
        width: pixels; `height` likewise.
        seconds: of a video.
    """

    kind: str
    ending: str
    number: int
    width: int
    height: int
    seconds: float
    seed: str
    nsfw_level: str

    @property
    def content_type(self) -> str:
        """Media type of the file."""
        return FORMATS[self.ending][0]

    def draw(self) -> bytes:
        """The file."""
        return draw(self.ending, self.seed, self.width, self.height, self.seconds)


def outputs_of(step: Mapping[str, Any]) -> Iterator[Output]:
    """The files that a step gives; none for step types that make no image or video."""
    if step["$type"] not in _STEPS:
        return
    kind = _STEPS[step["$type"]][2]
    given = step["input"] if isinstance(step["input"], Mapping) else {}
    words = str(given.get("prompt", step["input"]))
    width, height = _fitted(*_proportions(given), LARGEST[kind])
    level = _LEVEL_WORDS.search(str(step["input"]))
    for number in range(_count(given)):
        yield Output(
            kind,
            _ending(kind, step["$type"], given),
            number,
            width,
            height,
            min(_number(given, "duration", _SECONDS), _LONGEST),
            f"{_number(given, 'seed', 0) + number}|{words}",
            level[1] if level else "pg",
        )


def output_json(step_type: str, blobs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A step's `output`, around the blobs of its files."""
    if step_type not in _STEPS:
        return {}
    name, is_list, kind = _STEPS[step_type]
    if is_list:
        return {name: list(blobs)}
    more = {"additionalVideos": list(blobs[1:])} if kind == "video" and len(blobs) > 1 else {}
    return {name: blobs[0], **more}


def _count(given: Mapping[str, Any]) -> int:
    amounts = [_number(given, name, 1) for name in ("quantity", "numImages", "batchSize")]
    return max(1, int(amounts[0] * amounts[1] * amounts[2]))


def _number(given: Mapping[str, Any], name: str, otherwise: float) -> float:
    """A number of the input, unless an earlier step is to give it."""
    value = given.get(name)
    return value if isinstance(value, int | float) else otherwise


def _ending(kind: str, step_type: str, given: Mapping[str, Any]) -> str:
    """The format asked for, or else the step type's own; what cannot be drawn here becomes PNG."""
    if kind == "video":
        return "mp4"
    wanted = given.get("outputFormat") or ("jpeg" if step_type == "imageGen" else "png")
    return "jpeg" if wanted == "jpeg" else "png"


def _proportions(given: Mapping[str, Any]) -> tuple[float, float]:
    width, height = _number(given, "width", 0), _number(given, "height", 0)
    if width > 0 and height > 0:
        return width, height
    texts = (_RATIO.fullmatch(str(given.get(name))) for name in ("size", "aspectRatio"))
    width, height = next(((int(found[1]), int(found[2])) for found in texts if found), (1, 1))
    return (width * 1000, height * 1000) if width and height else (1000, 1000)


def _fitted(width: float, height: float, largest: int) -> tuple[int, int]:
    """The size within `largest`; even, for video has its colours at half the resolution."""
    scale = min(1.0, largest / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
