"""Who pays for a workflow with which Buzz, and what may be shown for it.

Blue and green pay for what is not mature; yellow pays for anything. Without `currencies` all of them pay, in
the order blue, green, yellow, split if need be; with it only those listed. `allowMatureContent: true` wants
yellow; unset, it follows from what paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from civgen.errors import InvalidInput
from civgen.sandbox.outputs import asks_for_mature, is_mature
from civgen.sandbox.record import Charge, Record, paid
from civgen.sandbox.refusals import Forbidden

#: Who pays first; only what is listed pays at all.
_ORDER = ("blue", "green", "yellow", "fakeRed")
_UNLISTED = _ORDER[:3]
_FOR_ANYTHING = frozenset({"yellow", "fakeRed"})
_UPGRADE = "yellow"

Balances = Mapping[str, int]


def charged(record: Record, balances: Balances | None) -> Record:
    """The workflow, paid for; a whatif with what would be paid, even where that is more than there is.

    Args:
        balances: what its user has; None pays anything.

    Raises:
        InvalidInput: it asks for mature content and does not allow it.
        Forbidden: there is not enough Buzz of the kinds that may pay.
    """
    payers = _payers(record.template)
    total = record.cost["total"] or 0
    amounts = _split(total, payers, balances)
    if sum(amounts.values()) < total:
        if record.kind != "whatif":
            raise _insufficient(total, payers, balances)
        last = payers[-1]
        amounts[last] = amounts.get(last, 0) + total - sum(amounts.values())
    debits = [Charge("debit", currency, amount, record.created) for currency, amount in amounts.items()]
    allowed = record.template.get("allowMatureContent")
    if allowed is None:
        allowed = _FOR_ANYTHING.issuperset(amounts or payers[:1])
    ours = replace(record, charges=debits, template={**record.template, "allowMatureContent": allowed})
    return _foreseen(ours, balances)


def affordable(record: Record, balances: Balances | None) -> bool:
    """Whether what a whatif would charge is there."""
    return balances is None or all(
        balances.get(currency, 0) >= amount for currency, amount in paid(record.charges).items()
    )


def refunded(record: Record, now: float) -> Record:
    """The workflow with everything given back, now."""
    past = [charge for charge in record.charges if charge.at <= now]
    back = [Charge("credit", currency, amount, now) for currency, amount in paid(past).items()]
    return replace(record, charges=past + back)


def upgraded(record: Record, balances: Balances | None, now: float) -> Record:
    """The workflow, its mature results no longer withheld: paid in yellow what other Buzz had paid.

    Raises:
        Forbidden: there is not enough yellow Buzz.
    """
    past = [charge for charge in record.charges if charge.at <= now]
    moved = _moved(past, now)
    owed = sum(charge.amount for charge in moved if charge.kind == "debit")
    if balances is not None and balances.get(_UPGRADE, 0) < owed:
        raise _insufficient(owed, [_UPGRADE], balances)
    template = {**record.template, "allowMatureContent": True}
    ours = replace(record, template=template, charges=past + moved)
    return ours if record.is_over(now) else _with_refund(ours)


def _payers(template: Mapping[str, Any]) -> Sequence[str]:
    listed = template["currencies"] or _UNLISTED
    wants, needs = template.get("allowMatureContent"), asks_for_mature(template)
    payers = [currency for currency in _ORDER if currency in listed]
    for_anything = [currency for currency in payers if currency in _FOR_ANYTHING]
    if needs and (wants is False or not for_anything):
        raise InvalidInput("Prompt requires mature content but workflow does not allow it")
    if wants and not for_anything:
        raise Forbidden(f"Mature content is not paid for with {' or '.join(payers)} Buzz")
    return for_anything if wants or needs else payers


def _split(total: int, payers: Sequence[str], balances: Balances | None) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for currency in payers:
        left = total - sum(amounts.values())
        amount = left if balances is None else max(0, min(left, balances.get(currency, 0)))
        if amount:
            amounts[currency] = amount
    return amounts


def _foreseen(record: Record, balances: Balances | None) -> Record:
    """With what its end will bring: the money back, or the switch to yellow of `upgradeMode: automatic`."""
    if record.kind == "whatif":
        return record
    template = record.template
    record = _with_refund(record)
    automatic = template["upgradeMode"] == "automatic" and template["allowMatureContent"] is False
    fails = record.status(record.ends) != "succeeded"
    if fails or not (automatic and any(is_mature(step) for step in template["steps"])):
        return record
    moved = _moved(record.charges, record.ends)
    owed = sum(charge.amount for charge in moved if charge.kind == "debit")
    if balances is not None and balances.get(_UPGRADE, 0) < owed:
        return record
    return replace(record, charges=record.charges + moved, upgraded=record.ends)


def _with_refund(record: Record) -> Record:
    """With everything given back at its end, if that is no success."""
    if record.status(record.ends) == "succeeded":
        return record
    amounts = paid(record.charges).items()
    back = [Charge("credit", currency, amount, record.ends) for currency, amount in amounts]
    return replace(record, charges=record.charges + back)


def _moved(charges: Sequence[Charge], at: float) -> list[Charge]:
    """From what paid to yellow."""
    wrong = {currency: amount for currency, amount in paid(charges).items() if currency not in _FOR_ANYTHING}
    back = [Charge("credit", currency, amount, at) for currency, amount in wrong.items()]
    return [*back, Charge("debit", _UPGRADE, sum(wrong.values()), at)] if wrong else []


def _insufficient(owed: int, payers: Sequence[str], balances: Balances | None) -> Forbidden:
    there = ", ".join(f"{(balances or {}).get(currency, 0)} {currency}" for currency in payers)
    return Forbidden(f"Insufficient Buzz: {owed} are needed, and there are {there}")
