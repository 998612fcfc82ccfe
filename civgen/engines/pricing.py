"""The offline price of a step, whichever engine would have made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from civgen.engines.base import Engine, Price, without_nulls
from civgen.engines.utilities import utility_price

#: Step types that many engines share; there, `input.engine` says whose a step is.
_SHARED = frozenset({"imageGen", "videoGen"})


def price_step(step: Mapping[str, Any], engines: Mapping[str, Engine]) -> Price | None:
    """The published price of a step.

    Args:
        step: `{"$type", "input"}`, as the contract takes it; perhaps with `source`, what is known of the
            medium that goes in.
        engines: those to ask; several may share one engine of the wire.

    Returns:
        The first price that one of them knows; None where none is published, or where it hangs on
        what an earlier step will give.
    """
    given = step.get("input")
    if not isinstance(given, Mapping):
        return None
    known = _Known(without_nulls(given))
    asked = (
        _asked(engine, known)
        for engine in engines.values()
        if _makes(engine, step["$type"], given.get("engine"))
    )
    found = next((price for price in asked if price is not None), None)
    return found or utility_price(step["$type"], known, step.get("source") or {})


def summed(prices: Iterable[Price]) -> Price:
    """One price for several, each rounded by itself; their factors do not mix, so they go into the base."""
    each = list(prices)
    if len(each) == 1:
        return each[0]
    fixed: dict[str, float] = {}
    for price in each:
        fixed |= {name: fixed.get(name, 0) + amount for name, amount in price.fixed.items()}
    return Price(sum(price.total for price in each) - sum(fixed.values()), {}, fixed)


def name_of(step: Mapping[str, Any]) -> str:
    """What a step is called where prices are compared: its type, with the engine of a shared one.

    >>> name_of({"$type": "videoGen", "input": {"engine": "veo3"}}), name_of({"$type": "comfy"})
    ('videoGen/veo3', 'comfy')
    """
    given = step.get("input")
    engine = given.get("engine") if isinstance(given, Mapping) and step["$type"] in _SHARED else None
    return f"{step['$type']}/{engine}" if engine else str(step["$type"])


class _NotKnownYet(Exception):
    """A value was asked for that an earlier step will give."""


class _Known(dict[str, Any]):
    """An input that does not let step references pass for values."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if isinstance(value, Mapping) and "$ref" in value:
            raise _NotKnownYet(key)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default


def _makes(engine: Engine, step_type: str, wire_engine: Any) -> bool:
    """Whether a step may be an engine's; one may know the prices of an API that bears its key, too."""
    if engine.step_type != step_type:
        return False
    return step_type not in _SHARED or wire_engine in (engine.key, engine.wire_engine)


def _asked(engine: Engine, given: _Known) -> Price | None:
    try:
        return engine.price(given)
    except _NotKnownYet:
        return None
