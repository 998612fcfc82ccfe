"""What a batch may cost as a whole, counted before anything is sent."""

from __future__ import annotations

from civgen.errors import InvalidInput, Refused

#: How a price that is not known can be agreed to at all.
PERSON = "A person at a terminal can submit each alone, without --max-cost, and agree to an unknown price."


class OverBudget(Refused):
    """A line would take the batch above its cap."""


class Budget:
    """Buzz that is reserved line by line; it never exceeds the cap, however many run at once.

    A price that is not known is refused under a cap. Without one it is left out here; the journal keeps it as
    unknown, and no cap is taken for that batch later.

    Args:
        cap: most that may be spent; None for no limit.
        spent: by earlier runs.
    """

    def __init__(self, cap: float | None, spent: float = 0) -> None:
        self.cap = cap
        self.spent = spent

    def reserve(self, price: float | None) -> None:
        """Set the price of a line aside.

        Raises:
            InvalidInput: it is not known, and there is a cap.
            OverBudget: it is too much.
        """
        if self.cap is None:
            self.spent += price or 0
            return
        if price is None:
            raise InvalidInput(
                "Its price is not known, so it cannot be held against --max-cost.",
                hint=f"Leave such lines out. {PERSON}",
            )
        if self.spent + price > self.cap:
            left = f"of --max-cost {self.cap:.12g} only {self.cap - self.spent:.12g} are left"
            raise OverBudget(f"The next line costs {price:.12g} Buzz, and {left}.")
        self.spent += price

    def release(self, price: float | None) -> None:
        """Give back what was set aside for a line that was refused."""
        self.spent -= price or 0

    def settle(self, price: float | None, charged: float | None) -> None:
        """Count what a line is charged above what was set aside for it."""
        self.spent += max(0, (charged or 0) - (price or 0))
