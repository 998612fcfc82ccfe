"""What a step gives: how many files of which kind, and what is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.sandbox.media import FORMATS, draw
from civgen.sandbox.sizes import Size, size_of

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
_MATURE = frozenset({"r", "x", "xxx"})
_LEVEL_WORDS = re.compile(r"\[sandbox:(pg13|r|x|xxx)\]")
_BLOCK_WORDS = re.compile(r"\[sandbox:block(?::(\w+))?\]")
_MATURE_PROMPT = "[sandbox:mature]"
_BLOCKED = "Blocked"
_SECONDS, _LONGEST = 5.0, 600.0


@dataclass(frozen=True, slots=True)
class Output:
    """One file that a step gives; its content follows from this.

    Attributes:
        number: from 0.
        size: in pixels.
        seconds: of a video.
        blocked: why it is kept from everybody; None when it is not.
    """

    kind: str
    ending: str
    number: int
    size: Size
    seconds: float
    seed: str
    nsfw_level: str
    blocked: str | None

    @property
    def content_type(self) -> str:
        """Media type of the file."""
        return FORMATS[self.ending][0]

    @property
    def is_mature(self) -> bool:
        """Whether its level is for yellow Buzz only."""
        return self.nsfw_level in _MATURE

    def draw(self) -> bytes:
        """The file."""
        return draw(self.ending, self.seed, *self.size, self.seconds)


def outputs_of(step: Mapping[str, Any]) -> Iterator[Output]:
    """The files that a step gives; none for step types that make no image or video."""
    if step["$type"] not in _STEPS:
        return
    kind = _STEPS[step["$type"]][2]
    given = step["input"] if isinstance(step["input"], Mapping) else {}
    words = str(given.get("prompt", step["input"]))
    ending, size = _ending(kind, step["$type"], given), size_of(kind, given)
    blocked = _BLOCK_WORDS.search(str(step["input"]))
    for number in range(_count(given)):
        yield Output(
            kind,
            ending,
            number,
            size,
            min(_number(given, "duration", _SECONDS), _LONGEST),
            f"{_number(given, 'seed', 0) + number}|{words}",
            _level(step),
            (blocked[1] or _BLOCKED) if blocked else None,
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


def is_mature(step: Mapping[str, Any]) -> bool:
    """Whether what a step gives turns out mature."""
    return step["$type"] in _STEPS and _level(step) in _MATURE


def asks_for_mature(template: Mapping[str, Any]) -> bool:
    """Whether a prompt is judged mature before anything runs."""
    return any(_MATURE_PROMPT in json.dumps(step["input"]) for step in template["steps"])


def _level(step: Mapping[str, Any]) -> str:
    found = _LEVEL_WORDS.search(str(step["input"]))
    return found[1] if found else "pg"


def _count(given: Mapping[str, Any]) -> int:
    amounts = [_number(given, name, 1) for name in ("quantity", "numImages", "batchSize")]
    return max(1, int(amounts[0] * amounts[1] * amounts[2]))


def _number(given: Mapping[str, Any], name: str, otherwise: float) -> float:
    """A number of the input, unless an earlier step is to give it."""
    value = given.get(name)
    return value if isinstance(value, int | float) else otherwise


def _ending(kind: str, step_type: str, given: Mapping[str, Any]) -> str:
    """The format that the input or its graph asks for, or else the step type's own.

    What cannot be drawn here becomes PNG.
    """
    if kind == "video":
        return "mp4"
    wanted = given.get("outputFormat") or _saved_as(given) or ("jpeg" if step_type == "imageGen" else "png")
    return "jpeg" if str(wanted).lower() in ("jpeg", "jpg") else "png"


def _saved_as(given: Mapping[str, Any]) -> Any:
    """The format that a graph's saving node names, or that a conversion names."""
    graph, output = given.get("comfyWorkflow"), given.get("output")
    for node in graph.values() if isinstance(graph, Mapping) else ():
        inputs = node.get("inputs") if isinstance(node, Mapping) else None
        if isinstance(inputs, Mapping) and "images" in inputs and isinstance(inputs.get("format"), str):
            return inputs["format"]
    return output.get("format") if isinstance(output, Mapping) else None
