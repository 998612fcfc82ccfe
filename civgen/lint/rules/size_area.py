"""CIV208."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule

#: How far from its set's middle the area of a size may be: a factor either way. Sets for several resolutions
#: say so in their values (`2K 16:9`), and are judged resolution by resolution.
_FACTOR = 3.0


class SizeArea(Rule):
    """The sizes of a set have about the same area: that for which the model was made.

    Why: a size with four times the pixels takes four times as long, and a model paints things twice on a
    canvas that is too large. A digit too many is not seen in a table.

    Bad:

        # sizes/marble.toml
        key = "marble"
        [[sizes]]
        value = "1:1"
        width = 1024
        height = 1024
        [[sizes]]
        value = "16:9"
        width = 1344
        height = 768
        [[sizes]]
        value = "9:16"
        width = 3072
        height = 5376

    Good:

        # sizes/marble.toml
        key = "marble"
        [[sizes]]
        value = "1:1"
        width = 1024
        height = 1024
        [[sizes]]
        value = "16:9"
        width = 1344
        height = 768
        [[sizes]]
        value = "9:16"
        width = 768
        height = 1344
    """

    code, name, severity = "CIV208", "size-area", "warning"
    sure = "likely"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry in house.shelves["sizes"].values():
            sizes = entry.record.sizes
            if len({one.value for one in sizes}) < 3 or any(":" not in one.value for one in sizes):
                continue
            middle = median(one.width * one.height for one in sizes)
            for index, one in enumerate(sizes):
                area = one.width * one.height
                if not 1 / _FACTOR <= area / middle <= _FACTOR:
                    message = f"{one.width}×{one.height} has {area / middle:.1f} times the area of the others"
                    yield self.finding(message, place(entry, "sizes", index, "width"))
