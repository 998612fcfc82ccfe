"""What a request costs by published prices alone: no network, no account, no promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.engines.base import Price
from civgen.engines.pricing import name_of, price_step, summed
from civgen.errors import InvalidInput, Problem
from civgen.forms.form import Mode
from civgen.jobs.platform import Platform
from civgen.jobs.preview import Preview, preview
from civgen.jobs.request import read_request
from civgen.jobs.resources import Record

#: What stands in for media that a price does not look at, so that none need be at hand to ask for one.
STAND_INS: Mapping[str, Any] = {
    "prompt": "cost-estimation",
    "images": {"url": "https://example.com/cost-estimation.png", "width": 1024, "height": 1024},
    "video": {"url": "https://example.com/cost-estimation.mp4"},
}


@dataclass(frozen=True)
class StepEstimate:
    """The published price of one step.

    Attributes:
        name: its type, with the engine where many share the type.
        price: None where none is published, or where it hangs on what is not known.
    """

    name: str
    price: Price | None

    def as_json(self) -> dict[str, Any]:
        """An entry of an estimate's `steps`."""
        return {"step": self.name, **(self.price.as_json() if self.price else UNKNOWN)}


@dataclass(frozen=True)
class Estimate:
    """The published price of a request.

    Attributes:
        assumed: fields that a stand-in was put in for.
    """

    steps: Sequence[StepEstimate]
    assumed: Sequence[str] = ()

    @property
    def price(self) -> Price | None:
        """All steps together; None when the price of one is not known."""
        known = [step.price for step in self.steps if step.price is not None]
        return summed(known) if len(known) == len(self.steps) else None

    @property
    def unpriced(self) -> list[str]:
        """The steps whose price is not known, each named once."""
        return list(dict.fromkeys(step.name for step in self.steps if step.price is None))

    def as_json(self) -> dict[str, Any]:
        """The document of `civgen price`: the price, and what it rests on."""
        price = self.price
        about: dict[str, Any] = (
            {"steps": [step.as_json() for step in self.steps]} if len(self.steps) > 1 else {}
        )
        about |= {"unpriced": self.unpriced} if self.unpriced else {}
        about |= {"assumed": list(self.assumed)} if self.assumed else {}
        return (price.as_json() if price else UNKNOWN) | about


#: A price that is not known; never 0.
UNKNOWN: dict[str, Any] = {"total": None, "base": None, "factors": {}, "fixed": {}, "known": False}


def estimate_of(preview: Preview, platform: Platform, assumed: Sequence[str] = ()) -> Estimate:
    """The published price of a request that was carried through to its steps."""
    steps = [{**step.as_json(), "source": step.source} for step in preview.steps]
    return Estimate([_estimate(step, platform) for step in steps], assumed)


def estimate_request(
    raw: Mapping[str, Any], platform: Platform, records: Iterable[Record] = (), mode: Mode = Mode.STRICT
) -> Estimate:
    """The published price of a request; a prompt or medium that it lacks is stood in for.

    Raises:
        InvalidInput: with everything else that is wrong with it.
    """
    given, assumed = with_stand_ins(raw, platform, mode)
    return estimate_of(preview(given, platform, records, mode), platform, assumed)


def estimate_step(step: Any, platform: Platform) -> Estimate:
    """The published price of one step of the wire, perhaps with `source`: what is known of its medium.

    Raises:
        InvalidInput: it is no step.
    """
    if not isinstance(step, Mapping) or not isinstance(step.get("$type"), str):
        raise InvalidInput('A step is {"$type", "input"}.', details=[Problem("step", "has no $type")])
    try:
        return Estimate([_estimate(step, platform)])
    except (TypeError, ValueError, AttributeError) as error:
        message = f"The input of the step {name_of(step)} is not what the contract takes: {error}."
        raise InvalidInput(message, details=[Problem("step.input", str(error))]) from None


def with_stand_ins(
    raw: Mapping[str, Any], platform: Platform, mode: Mode = Mode.STRICT
) -> tuple[dict[str, Any], list[str]]:
    """A request with what it lacks and a price does not need, and the names of what was added."""
    assumed: list[str] = []
    given = dict(raw)
    for name, value in STAND_INS.items():
        shown = _shown(name, given, platform, mode) if raw.get(name) is None else {}
        if shown.get("required") and not shown.get("hidden"):
            given[name] = [value] * shown["min"] if "min" in shown else value
            assumed.append(name)
    return given, assumed


def _shown(name: str, given: Mapping[str, Any], platform: Platform, mode: Mode) -> Mapping[str, Any]:
    """A field as the form of a request shows it; nothing where the form has none of that name."""
    filled = read_request(given, platform, mode).filled
    return next((shown for field, shown in filled.shown if field.key == name), {})


def _estimate(step: Mapping[str, Any], platform: Platform) -> StepEstimate:
    return StepEstimate(name_of(step), price_step(step, platform.engines))
