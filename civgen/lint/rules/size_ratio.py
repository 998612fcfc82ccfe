"""CIV204."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civgen.errors import Where
from civgen.forms.kinds.choice import ratio_of
from civgen.lint.finding import Finding
from civgen.lint.house import House, place, walk
from civgen.lint.rule import Rule

#: How far pixels may be from their ratio; SDXL's 832 x 1216 for 2:3 is 2.6 % off.
TOLERANCE = 0.03
#: What the sides are multiples of where no size set says otherwise: a latent pixel is a square of eight.
GRID = 8


class SizeRatio(Rule):
    """The pixels of a size are those of its ratio, and multiples of eight, or of its set's `grid`.

    Why: swapped sides and slipped digits look right in a table. Models paint in squares of eight pixels;
    other sizes are cut or refused. A set whose sizes only tell what comes out may say a smaller `grid`.

    Bad:

        # sizes/poster.toml
        key = "poster"
        sizes = [
            { value = "3:4", width = 1024, height = 768 },
            { value = "1:1", width = 1001, height = 1001 },
        ]

    Good:

        # sizes/poster.toml
        key = "poster"
        sizes = [
            { value = "3:4", width = 768, height = 1024 },
            { value = "1:1", width = 1000, height = 1000 },
        ]
    """

    code, name = "CIV204", "size-ratio"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for folder in ("sizes", "ecosystems"):
            shelf = house.shelves[folder]
            for entry in shelf.values():
                grid = getattr(entry.record, "grid", GRID)
                for key, value in walk(entry.record.model_dump(exclude_unset=True)):
                    for message, hint in _faults(value, grid):
                        subject = f"{shelf.what} {entry.record.key}"
                        yield self.finding(message, place(entry, *key), right=hint, subject=subject)
        for module in house.modules.values():
            for field in module.usable.form.fields if module.usable else ():
                for layer in (field.properties, *(change.properties for change in field.changes)):
                    yield from self._in_engine(module.source.field(field.key), layer.get("options") or ())

    def _in_engine(self, where: Where, options: Any) -> Iterator[Finding]:
        for option in options:
            for message, hint in _faults(option, GRID):
                yield self.finding(message, where, right=hint)


def _faults(value: Any, grid: int) -> Iterator[tuple[str, str]]:
    """What is wrong with a size; what is none, and a name that is no ratio, has nothing to agree."""
    if not (isinstance(value, Mapping) and {"value", "width", "height"} <= value.keys()):
        return
    name, width, height = (value[part] for part in ("value", "width", "height"))
    size, ratio = f"{width} x {height}", ratio_of(name)
    if ratio and abs(width / height / ratio - 1) > TOLERANCE:
        near = f"{round(height * ratio / grid) * grid} x {height}"
        yield f"{size} is not {name}, but {width / height / ratio - 1:+.1%} off it", f"Near it: {near}."
    if width % grid or height % grid:
        near = " x ".join(str(round(side / grid) * grid) for side in (width, height))
        yield f"{size} is no multiple of {grid} pixels", f"Near it: {near}."
