"""Published prices of the orchestrator's own workers, whichever engine a step was made by.

Most go by pixels and steps: `base * pixels / side² * steps / reference steps * quantity`. Flux.1 and Flux.2
Klein go by steps alone, once for the picture and once for each source image, and twice with guidance. LoRAs,
samplers and ControlNets have no term. Source: the Cost sections of the recipe pages sd1, sdxl, flux1, flux2,
zimage, anima, ernie and qwen; where a page's defaults differ from its reference, so do they here. The figures
of ernie and qwen are rounded up, those of the others to the nearest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civgen.engines.base import Price

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AreaRate:
    """A price by pixels and steps.

    Attributes:
        base: Buzz for an image of `side` by `side` pixels in `steps` steps.
        default_side, default_steps: what counts when the input does not say; else the reference itself.
        follows_source: without a size in the input that of a source image counts, which is not known here.
        per_reference: what each source image after the first adds, as a share of the whole.
        rounds_up: whether the page's figures do.
    """

    base: float
    side: int
    steps: int
    default_side: int | None = None
    default_steps: int | None = None
    follows_source: bool = False
    per_reference: float = 0.0
    rounds_up: bool = False

    def price(self, given: Given) -> Price | None:
        """What `given` costs; None where that hangs on a source image."""
        if self.follows_source and not {"width", "height"} <= given.keys():
            return None
        side = self.default_side or self.side
        factors = {
            "pixels": given.get("width", side) * given.get("height", side) / self.side**2,
            "steps": given.get("steps", self.default_steps or self.steps) / self.steps,
            "quantity": given.get("quantity", 1),
        }
        if self.per_reference:
            factors["references"] = 1 + self.per_reference * (len(given.get("images") or [None]) - 1)
        return Price(self.base, factors, rounds_up=self.rounds_up)


@dataclass(frozen=True, slots=True)
class StepRate:
    """A price by steps and source images.

    Attributes:
        base: Buzz a step without guidance, whatever the size.
        default_steps: what counts when the input does not say; guidance is on then.
    """

    base: float
    default_steps: int

    def price(self, given: Given) -> Price:
        """What `given` costs."""
        factors = {
            "steps": given.get("steps", self.default_steps),
            "images": len(given.get("images") or []) + 1,
            "guidance": 1 if given.get("cfgScale") == 1 else 2,
            "quantity": given.get("quantity", 1),
        }
        return Price(self.base, factors)


_KLEIN = {
    "4b": StepRate(0.3, 20),
    "4b-base": StepRate(0.3, 20),
    "9b": StepRate(0.5, 20),
    "9b-base": StepRate(0.5, 20),
}

#: By `engine` and `ecosystem` of the input, then its `operation` or `model` where these matter.
AREA_RATES: Mapping[tuple[str, ...], AreaRate] = {
    ("sdcpp", "sd1"): AreaRate(4, 512, 20),
    ("comfy", "sd1"): AreaRate(4, 512, 30),
    ("sdcpp", "sdxl"): AreaRate(8, 1024, 20),
    ("comfy", "sdxl"): AreaRate(8, 1024, 30),
    ("comfy", "flux1"): AreaRate(8, 1024, 20),
    ("sdcpp", "zImage", "turbo"): AreaRate(8, 1024, 9),
    ("sdcpp", "zImage", "base"): AreaRate(20, 1024, 20),
    ("sdcpp", "anima"): AreaRate(8, 1024, 25, default_steps=30),
    ("comfy", "ernie", "ernie"): AreaRate(20, 1024, 20, rounds_up=True),
    ("comfy", "ernie", "turbo"): AreaRate(8, 1024, 8, rounds_up=True),
    ("sdcpp", "qwen", "createImage"): AreaRate(30, 1328, 20, default_side=1024, rounds_up=True),
    ("sdcpp", "qwen", "createVariant"): AreaRate(30, 1328, 20, follows_source=True, rounds_up=True),
    ("sdcpp", "qwen", "editImage"): AreaRate(
        40, 1024, 20, follows_source=True, per_reference=0.1, rounds_up=True
    ),
}
#: By `engine` and `ecosystem` (of the engine flux2: `model`), then `modelVersion`.
STEP_RATES: Mapping[tuple[str, str], Mapping[str, StepRate]] = {
    ("sdcpp", "flux1"): {"": StepRate(0.5, 28)},
    ("sdcpp", "flux2Klein"): _KLEIN,
    ("flux2", "klein"): _KLEIN,
}


def worker_price(given: Given) -> Price | None:
    """The price of a step input, or None where none is published."""
    rate = _area_rate(given) or _step_rate(given)
    return rate.price(given) if rate else None


def _area_rate(given: Given) -> AreaRate | None:
    kind = (given.get("engine", ""), given.get("ecosystem", ""))
    narrower = (given.get(name) for name in ("operation", "model"))
    found = (AREA_RATES.get((*kind, name)) for name in narrower if isinstance(name, str))
    return next((rate for rate in found if rate), AREA_RATES.get(kind))


def _step_rate(given: Given) -> StepRate | None:
    kind = (given.get("engine", ""), given.get("ecosystem") or given.get("model", ""))
    rates = STEP_RATES.get(kind, {})
    return rates.get(given.get("modelVersion") or next(iter(rates), ""))
