"""What a workflow costs, as far as the engines know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines.base import Engine
from civgen.engines.pricing import price_step, summed

#: What every cost of the sandbox says of itself.
_ORIGIN = {"estimate": True, "source": "sandbox"}


def cost_of(template: Mapping[str, Any], engines: Mapping[str, Engine]) -> dict[str, Any]:
    """The `cost` of a workflow; one step without a published price makes the total unknown."""
    prices = [price_step(step, engines) for step in template["steps"]]
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        return {"base": None, "factors": {}, "fixed": {}, "tips": {}, "total": None, **_ORIGIN}
    price = summed(known)
    rates = template.get("tips") or {}
    tips = {name: round(price.exact * rates.get(name, 0)) for name in ("civitai", "creators")}
    parts = {"base": price.base, "factors": dict(price.factors), "fixed": dict(price.fixed), "tips": tips}
    return {**parts, "total": price.total + sum(tips.values()), **_ORIGIN}


def drifted(cost: Mapping[str, Any], percent: float) -> dict[str, Any]:
    """A cost that is some per cent above what was published, as a fixed amount `drift`; tips are not."""
    if not percent or cost["total"] is None:
        return dict(cost)
    extra = round((cost["total"] - sum(cost["tips"].values())) * percent / 100)
    return {**cost, "fixed": cost["fixed"] | {"drift": extra}, "total": cost["total"] + extra}
