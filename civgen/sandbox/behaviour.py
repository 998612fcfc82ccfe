"""How the sandbox is told to behave worse than the published figures and a quiet network."""

from __future__ import annotations

from dataclasses import dataclass

#: Seconds for which a signed URL is good.
URL_LIFE = 24 * 3600.0


@dataclass(frozen=True)
class Behaviour:
    """What is not as it would be on a good day; the defaults are one.

    Attributes:
        latency: seconds before a request is looked at, give or take half of them.
        fail: part of the requests that meet a fault, 0 to 1; see `civgen.sandbox.faults`.
        seed: of everything that is left to chance; the same requests in the same order meet the same.
        rate_limit: submissions a second that one user may make; None for any number.
        price_drift: per cent by which a charge is above the price that a whatif gave; may be negative.
        substitute: part of the models in whose place another runs, 0 to 1; a model always or never.
        url_life: seconds for which a signed URL of a blob is good.
    """

    latency: float = 0.0
    fail: float = 0.0
    seed: int = 0
    rate_limit: float | None = None
    price_drift: float = 0.0
    substitute: float = 0.0
    url_life: float = URL_LIFE
