"""The pipeline as something to try: values in, facts and what was made of them out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.engines.pricing import price_step
from civgen.errors import InvalidInput
from civgen.jobs.platform import Platform
from civgen.jobs.preview import Preview, preview
from civgen.jobs.probing.facts import facts_of, plain
from civgen.jobs.resources import Record


@dataclass(frozen=True)
class Pipeline:
    """One ecosystem's way from a request to a body, as `civgen preview` goes it.

    Attributes:
        records: of resources that requests may name.
        versions: numbers of the ecosystem's own versions.
        options: what every request says of its submission.
    """

    platform: Platform
    ecosystem: str
    records: Sequence[Record]
    versions: frozenset[int]
    currencies: Sequence[str]
    options: Mapping[str, Any]

    def tried(self, workflow: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], Any] | None:
        """Facts, and body and price that follow from them; None where the request is refused."""
        raw = {"ecosystem": self.ecosystem, "workflow": workflow, **self.options, **given}
        try:
            made = preview(raw, self.platform, self.records, currencies=self.currencies)
        except InvalidInput:
            return None
        facts = facts_of(made.resolution.values, made.resolution.resources, self.versions)
        return facts, {"body": plain(made.body), "price": self._price(made)}

    def _price(self, made: Preview) -> list[dict[str, Any]] | None:
        """The parts of each step's published price; None when that of one is not known."""
        prices = [
            price_step({**step.as_json(), "source": step.source}, self.platform.engines)
            for step in made.steps
        ]
        if None in prices:
            return None
        parts = ((one.base, one.factors, one.fixed, one.rounds_up) for one in prices if one)
        return [
            plain({"base": base, "factors": dict(factors), "fixed": dict(fixed), "up": up})
            for base, factors, fixed, up in parts
        ]


def total(parts: Sequence[Mapping[str, Any]] | None) -> int | None:
    """Buzz for all steps, from the parts of their prices; None where they are not known."""
    if parts is None:
        return None
    return sum(_rounded(one) for one in parts)


def _rounded(one: Mapping[str, Any]) -> int:
    exact = math.prod(one["factors"].values(), start=one["base"]) + sum(one["fixed"].values())
    return math.ceil(round(exact, 9)) if one["up"] else int(exact + 0.5)
