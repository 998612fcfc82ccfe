"""A workflow as the sandbox keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from civgen.sandbox.timeline import Moment, Slot, moment, overall


class Charge(NamedTuple):
    """Buzz that moves: `debit` takes it, `credit` gives it back, at a second of the epoch."""

    kind: str
    currency: str
    amount: int
    at: float


@dataclass(frozen=True)
class Record:
    """A workflow as it was submitted, priced, paid and planned.

    Attributes:
        user: whose it is.
        kind: `stored`, or `whatif` or `ephemeral`: those are found by `externalId` alone.
        created: seconds of the epoch; `canceled` and `upgraded` likewise.
        template: the submitted body without its tags, every step with a name.
        charges: what was paid, and what will be, in order of time.
        upgraded: from when mature content is no longer withheld, although it was not paid for at first.
        number: orders the stored ones by arrival.
    """

    id: str
    user: str
    kind: str
    created: float
    template: dict[str, Any]
    cost: dict[str, Any]
    slots: list[Slot]
    tags: list[str]
    charges: list[Charge] = field(default_factory=list)
    canceled: float | None = None
    upgraded: float | None = None
    number: int = field(default=0, compare=False)

    @property
    def ends(self) -> float:
        """When it ends if it is let alone."""
        return max(slot.ends for slot in self.slots)

    def moments(self, now: float) -> list[Moment]:
        """Its steps at a time."""
        return [moment(slot, now, self.canceled) for slot in self.slots]

    def status(self, now: float) -> str:
        """Its status at a time."""
        return overall(self.moments(now)).status

    def is_over(self, now: float) -> bool:
        """Whether nothing will change any more."""
        return overall(self.moments(now)).is_terminal

    def withholds_mature(self, now: float) -> bool:
        """Whether results that turned out mature are kept back, for they were not paid for as such."""
        allowed = self.template.get("allowMatureContent")
        return allowed is False and not (self.upgraded is not None and self.upgraded <= now)


def paid(charges: Iterable[Charge]) -> dict[str, int]:
    """Currency -> what charges come to, without those that come to nothing."""
    sums: dict[str, int] = {}
    for kind, currency, amount, _ in charges:
        sums[currency] = sums.get(currency, 0) + (amount if kind == "debit" else -amount)
    return {currency: amount for currency, amount in sums.items() if amount}
