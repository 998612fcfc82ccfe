"""Values to try in a field: some drawn by lot, some worth trying always.

One function a kind of field, found by the kind's class. Text and addresses contain `FREE` and are never
the same twice, so that what follows from them can be told from what does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, singledispatch
from itertools import count
from random import Random
from typing import Any

from civgen.forms.field import Field
from civgen.forms.kinds.choice import Choice, Toggle
from civgen.forms.kinds.media import Images, Video
from civgen.forms.kinds.number import Number, Seed
from civgen.forms.kinds.resources import ControlNets, ModelVersion, Resource, Resources
from civgen.forms.kinds.text import Text
from civgen.jobs.probing.examples import FREE

Shown = Mapping[str, Any]

#: How many resources are tried where nothing limits them.
_A_FEW = 4
#: How often all of them are named at once, so that the last is not seen too seldom.
_FULL = 4
#: How often a field that may be left out is.
_NOTHING = 0.3
#: Width and height in pixels: upright, lying, square, and what lies between the usual ratios.
_SIDES = (
    (1024, 768),
    (768, 1024),
    (1024, 1024),
    (1920, 1080),
    (720, 1280),
    (1001, 777),
    (533, 1210),
    (2048, 1100),
)


@dataclass
class Lot:
    """A source of values.

    Attributes:
        addons: numbers of resources to name beside a checkpoint, those of one type together.
        single: numbers of those that stand alone, by the key of their field.
    """

    random: Random
    addons: Sequence[Sequence[int]] = ()
    single: Mapping[str, Sequence[int]] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def text(self, longest: int | None = None) -> str:
        """Text as nobody has given it before."""
        words = f'{FREE}{next(self._numbers)} a "red"\nfox'
        return words[:longest]

    def address(self, ending: str) -> str:
        """An address as nobody has given it before."""
        return f"https://example.com/{FREE}{next(self._numbers)}.{ending}"

    def image(self) -> dict[str, Any]:
        """An image of some size."""
        width, height = self.random.choice(_SIDES)
        return {"url": self.address("jpeg"), "width": width, "height": height}

    def between(self, low: float, high: float) -> float:
        """A number with two places."""
        return _tidy(round(self.random.uniform(low, high), 2))

    def resources(self, number: int, strengths: Shown | None) -> list[dict[str, Any]]:
        """So many resources, each with some strength or none."""
        low, high = (strengths or {}).get("min", -2), (strengths or {}).get("max", 2)
        offered = self.random.choice((self.addons, [self.random.choice(self.addons)]))
        numbers = [one for several in offered for one in several]
        chosen = self.random.sample(numbers, min(number, len(numbers)))
        said = ((one, self.random.choice((None, self.between(low, high)))) for one in chosen)
        return [{"id": one} | ({} if strength is None else {"strength": strength}) for one, strength in said]


def values(field: Field, shown: Shown, lot: Lot) -> list[Any]:
    """Values worth trying in a field as it is shown; None stands for leaving it out."""
    return [_made(one) for one in tries(field, shown, lot)]


def drawn(field: Field, shown: Shown, lot: Lot) -> Any:
    """One value by lot; nothing, where that is allowed, more often than any."""
    tried = tries(field, shown, lot)
    if any(one in (None, []) for one in tried) and lot.random.random() < _NOTHING:
        return None
    return _made(lot.random.choice(tried)) if tried else None


def _made(one: Any) -> Any:
    return one() if callable(one) else one


@singledispatch
def tries(field: Field, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    """The same, where a value that takes some making is a function that makes it."""
    return [None]


@tries.register
def _number(field: Number, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    low, high, step = shown.get("min", 0), shown.get("max", 100), shown.get("step") or 1
    steps = int((high - low) / step + 1e-9)
    chosen = (
        range(steps + 1) if steps < _ENUMERATED else sorted(lot.random.sample(range(steps + 1), _ENUMERATED))
    )
    numbers = [shown.get("default"), low, high, *(_tidy(low + one * step) for one in chosen)]
    return list(dict.fromkeys(numbers))


@tries.register
def _seed(field: Seed, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    return [None, shown["min"], shown["max"], lot.random.randint(shown["min"], shown["max"])]


@tries.register
def _toggle(field: Toggle, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    return [True, False]


@tries.register
def _choice(field: Choice, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    return [option["value"] for option in shown["options"]]


@tries.register
def _text(field: Text, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    longest = shown.get("max_length")
    return [lot.text(longest), lot.text(longest), *([] if shown.get("required") else [None])]


@tries.register
def _images(field: Images, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    counts = range(shown["min"] if shown.get("required") else 0, shown["max"] + 1)
    return [[lot.image() for _ in range(number)] or None for number in counts]


@tries.register
def _video(field: Video, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    metadata = {"width": 640, "height": 480, "fps": lot.random.choice((24, 30)), "duration": 5}
    known = {"url": lot.address("mp4"), "metadata": metadata}
    return [known, {"url": lot.address("mp4")}, *([] if shown.get("required") else [None])]


@tries.register
def _model(field: ModelVersion, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    return [None]


@tries.register
def _resource(field: Resource, shown: Shown, lot: Lot) -> list[Any]:
    offered = [{"id": option["value"]} for option in shown["options"]]
    own = [{"id": one} for one in lot.single.get(field.key, ())]
    none: list[Any] = [] if shown.get("required") else [None]
    return [*none, *offered, *own]


@tries.register
def _resources(field: Resources, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    most = shown.get("limit", _A_FEW) if lot.addons else 0
    counts = (*range(1, most + 1), *[most] * _FULL) if most else ()
    return [[], *(partial(lot.resources, number, shown.get("strength")) for number in counts)]


@tries.register
def _control_nets(field: ControlNets, shown: Shown, lot: Lot) -> list[Any]:  # noqa: ARG001
    offered = [option["value"] for option in shown["options"]]
    if not offered:
        return [None]
    counts = range(2, shown.get("limit", _A_FEW) + 1)
    several = [partial(_nets, lot.random.choices(offered, k=number), lot) for number in counts]
    return [None, *(partial(_nets, [one], lot) for one in (*offered, *offered)), *several]


def _nets(preprocessors: Sequence[str], lot: Lot) -> list[dict[str, Any]]:
    return [_net(one, lot) for one in preprocessors]


def _net(preprocessor: str, lot: Lot) -> dict[str, Any]:
    said = {"weight": lot.between(0, 2), "startStep": lot.between(0, 0.5), "endStep": lot.between(0.5, 1)}
    mode = lot.random.choice(("auto", "preprocessed"))
    return {"preprocessor": preprocessor, "image": lot.image(), "mode": mode, **said}


#: Numbers of a range that are tried.
_ENUMERATED = 12


def _tidy(number: float) -> float | int:
    number = round(number, 9)
    return int(number) if number == int(number) else number
