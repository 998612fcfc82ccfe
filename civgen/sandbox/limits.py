"""How many submissions a second a user may make."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from civgen.sandbox.refusals import TooFast


class RateLimit:
    """A bucket a user, which holds what may come at once and fills steadily.

    Args:
        rate: submissions a second; as many may come at once, and at least one.
        clock: gives seconds.
    """

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate, self._clock = rate, clock
        self._room = max(1.0, rate)
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, user: str) -> None:
        """Count a submission.

        Raises:
            TooFast: there were too many.
        """
        now = self._clock()
        left, seen = self._buckets.get(user, (self._room, now))
        left = min(self._room, left + (now - seen) * self._rate)
        self._buckets[user] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            raise TooFast(max(1, ceil((1 - left) / self._rate)))
