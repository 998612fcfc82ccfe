"""What a workflow costs, as far as the engines know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def transactions_of(
    cost: Mapping[str, Any], workflow_id: str | None, currencies: Sequence[str], *, refunded: bool
) -> dict[str, Any]:
    """What was taken for a workflow, and given back if it came to nothing; on a whatif, what would be."""
    taken = {"amount": cost["total"], "accountType": next(iter(currencies), "yellow")}
    kinds = ["debit", "credit"] if refunded else ["debit"]
    moved = [
        {"type": kind, **taken, **({"id": f"{workflow_id}-{kind}"} if workflow_id else {})} for kind in kinds
    ]
    return {"list": moved if cost["total"] else []} | ({} if workflow_id else {"insufficientBuzz": False})
