"""Width and height as one field of a form: an aspect ratio from a set of sizes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from civgen.catalog.records import SizeSet
from civgen.scaffold.pythontext import Call, Raw
from civgen.scaffold.sketch_fields import Asked, Part

#: The area that is looked for where the contract has no default size.
_PIXELS = 1024 * 1024


def sizes_part(asked: Asked) -> Iterator[Part]:
    """Width and height as an aspect ratio, where a set of sizes lies within the contract's limits."""
    properties = asked.leaf.schema["properties"]
    if {"width", "height"} <= properties.keys():
        fitting = [one for one in asked.catalog.sizes.records if _fits(one, properties)]
        if fitting:
            nearest = min(fitting, key=lambda one: _distance(one, properties))
            size = Call("AspectRatio", (), {"sizes": nearest.key, "default": _squarest(nearest)})
            sides = {side: Raw(f'values["aspectRatio"]["{side}"]') for side in ("width", "height")}
            yield Part("aspectRatio", size, sides)


def _fits(sizes: SizeSet, properties: Mapping[str, Mapping[str, Any]]) -> bool:
    sides = [(properties[side], getattr(size, side)) for size in sizes.sizes for side in ("width", "height")]
    return all(
        schema.get("minimum", 1) <= pixels <= schema.get("maximum", pixels)
        and pixels % schema.get("multipleOf", 1) == 0
        for schema, pixels in sides
    )


def _distance(sizes: SizeSet, properties: Mapping[str, Mapping[str, Any]]) -> float:
    """How far a set's mean area is from that of the contract's default size."""
    width, height = (properties[side].get("default") for side in ("width", "height"))
    wanted = width * height if width and height else _PIXELS
    areas = [size.width * size.height for size in sizes.sizes]
    return abs(math.log(sum(areas) / len(areas) / wanted))


def _squarest(sizes: SizeSet) -> str:
    return min(sizes.sizes, key=lambda one: abs(math.log(one.width / one.height))).value
