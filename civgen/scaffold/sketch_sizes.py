"""Width and height as one field of a form: an aspect ratio from a set of sizes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from civgen.catalog import Catalog
from civgen.catalog.records import SizeSet
from civgen.orchestrator.contract import Leaf
from civgen.scaffold.pythontext import Call, Raw
from civgen.scaffold.sketch_parts import Part

#: The properties that are one field of a form.
SIDES = ("width", "height")
#: The area that is looked for where the contract has no default size.
_PIXELS = 1024 * 1024


def sizes_part(leaves: Sequence[Leaf], catalog: Catalog) -> Part | None:
    """Width and height as an aspect ratio, where a set of sizes lies within the limits of all inputs.

    Args:
        leaves: those that have both sides.
    """
    limits = [leaf.schema["properties"] for leaf in leaves]
    fitting = [one for one in catalog.sizes.records if all(_fits(one, sides) for sides in limits)]
    if not leaves or not fitting:
        return None
    nearest = min(fitting, key=lambda one: _distance(one, limits[0]))
    size = Call("AspectRatio", (), {"sizes": nearest.key, "default": _default(nearest, limits[0])})
    sides = {side: Raw(f'values["aspectRatio"]["{side}"]') for side in SIDES}
    return Part("aspectRatio", size, sides, Raw("pixels(values)"))


def _fits(sizes: SizeSet, properties: Mapping[str, Mapping[str, Any]]) -> bool:
    sides = [(properties[side], getattr(size, side)) for size in sizes.sizes for side in SIDES]
    return all(
        schema.get("minimum", 1) <= pixels <= schema.get("maximum", pixels)
        and pixels % schema.get("multipleOf", 1) == 0
        for schema, pixels in sides
    )


def _distance(sizes: SizeSet, properties: Mapping[str, Mapping[str, Any]]) -> float:
    """How far a set's mean area is from that of the contract's default size."""
    width, height = (properties[side].get("default") for side in SIDES)
    wanted = width * height if width and height else _PIXELS
    areas = [size.width * size.height for size in sizes.sizes]
    return abs(math.log(sum(areas) / len(areas) / wanted))


def _default(sizes: SizeSet, properties: Mapping[str, Mapping[str, Any]]) -> str:
    """The ratio nearest to that of the contract's default size, else the squarest."""
    width, height = (properties[side].get("default") or 1 for side in SIDES)
    return min(sizes.sizes, key=lambda one: abs(math.log(one.width / one.height * height / width))).value
