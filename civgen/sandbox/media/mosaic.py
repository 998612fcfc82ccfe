"""A picture of coloured tiles that moves, all of it decided by a seed."""

from __future__ import annotations

from collections.abc import Iterator
from math import sin, tau
from random import Random

#: Luma and the two chroma components (BT.601), each well inside 16..235.
Colour = tuple[int, int, int]


#: A side of a tile is a multiple of this, in pixels, so large that a picture has at most so many in a row.
_UNIT, _TILES = 8, 32


def tile_side(width: int, height: int) -> int:
    """Side of a picture's square tiles, in pixels; small pictures have tiles of 8 by 8.

    >>> tile_side(256, 128), tile_side(1024, 768), tile_side(1025, 1)
    (8, 32, 40)
    """
    return _UNIT * -(-max(width, height) // (_UNIT * _TILES))


class Mosaic:
    """Three waves, one a colour component, that run over the picture.

    Args:
        seed: any text.
    """

    def __init__(self, seed: str) -> None:
        draw = Random(seed)
        self._waves = [(draw.uniform(1, 6), draw.uniform(1, 6), draw.uniform(0, tau)) for _ in range(3)]

    def rows(self, columns: int, rows: int, time: float = 0) -> Iterator[list[Colour]]:
        """The tiles, row by row.

        Args:
            time: 0 to 1 is one period of the movement.
        """
        for y in range(rows):
            yield [self._colour(x / columns, y / rows, time) for x in range(columns)]

    def _colour(self, x: float, y: float, time: float) -> Colour:
        luma, blue, red = (
            round(128 + 90 * sin(along * x + across * y + phase + tau * time))
            for along, across, phase in self._waves
        )
        return luma, blue, red
