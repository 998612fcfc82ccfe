"""A workflow as the sandbox keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from civgen.sandbox.timeline import Moment, Slot, moment, overall


@dataclass(frozen=True)
class Record:
    """A workflow as it was submitted, priced and planned.

    Attributes:
        kind: `stored`, or `whatif` or `ephemeral`: those are found by `externalId` alone.
        created: seconds of the epoch; `canceled` likewise.
        template: the submitted body without its tags, every step with a name.
        number: orders the stored ones by arrival.
    """

    id: str
    kind: str
    created: float
    template: dict[str, Any]
    cost: dict[str, Any]
    slots: list[Slot]
    tags: list[str]
    canceled: float | None = None
    number: int = field(default=0, compare=False)

    @property
    def ends(self) -> float:
        """When it ends if it is let alone."""
        return max(slot.ends for slot in self.slots)

    def moments(self, now: float) -> list[Moment]:
        """Its steps at a time."""
        return [moment(slot, now, self.canceled) for slot in self.slots]

    def is_over(self, now: float) -> bool:
        """Whether nothing will change any more."""
        return overall(self.moments(now)).is_terminal
