"""What jobs were charged, beside what was estimated and quoted: where the published prices are off."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from civgen.engines.base import Engine
from civgen.engines.pricing import name_of, price_step, summed
from civgen.files import usable
from civgen.orchestrator.answers import Step, Workflow

#: Buzz by which a sum may differ and still be the same: prices are rounded to whole ones, step by step.
_ROUNDING = 0.5


@dataclass(frozen=True, slots=True)
class Realised:
    """One job that succeeded.

    Attributes:
        engine: its steps, by what prices are compared by.
        estimate: by published prices; None where there is none.
        quoted: what the orchestrator said before it was submitted, else what it says of the job now.
        charged: what was taken, less what was given back.
    """

    id: str
    engine: str
    estimate: int | None
    quoted: float | None
    charged: float | None

    @property
    def was_free(self) -> bool:
        """Whether nothing was charged for what has a price: it came out of the cache."""
        return self.charged == 0 and bool(self.quoted or self.estimate)

    @property
    def is_off(self) -> bool:
        """Whether the published price is not what was charged."""
        known = self.estimate is not None and self.charged is not None
        return known and not self.was_free and abs(self.charged - self.estimate) > _ROUNDING  # type: ignore[operator]


@dataclass
class EngineCosts:
    """The jobs of one engine."""

    engine: str
    jobs: list[Realised] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """An entry of the document of `civgen jobs costs`; sums over the jobs that have all three."""
        full = [one for one in self.jobs if not one.was_free and None not in (one.estimate, one.charged)]
        ratios = [one.charged / one.estimate for one in full if one.estimate and one.charged is not None]
        off = [one for one in full if one.is_off]
        quoted = [one for one in self.jobs if one.quoted is not None and one.charged is not None]
        return {
            "engine": self.engine,
            "jobs": len(self.jobs),
            "free": sum(one.was_free for one in self.jobs),
            "estimated": _sum(one.estimate for one in self.jobs),
            "quoted": _sum(one.quoted for one in self.jobs),
            "charged": _sum(one.charged for one in self.jobs),
            "compared": len(full),
            "ratio": _spread(ratios),
            "quotedOff": sum(_differs(one.quoted, one.charged) for one in quoted if not one.was_free),
            "off": len(off),
            "examples": [_example(one) for one in off[:3]],
            "verdict": _verdict(full, off, ratios),
        }


def realised(workflow: Workflow, engines: Mapping[str, Engine], quotes: Mapping[str, float]) -> Realised:
    """What one job cost by each account.

    Args:
        quotes: what was quoted before submitting, by workflow id.
    """
    identity = workflow.id or ""
    return Realised(
        identity,
        " + ".join(dict.fromkeys(name_of(_wire(step)) for step in workflow.steps)),
        _estimate(workflow, engines),
        quotes.get(identity, workflow.cost.total),
        charge_of(workflow),
    )


def charge_of(workflow: Workflow) -> float | None:
    """Buzz taken less Buzz given back; None when the orchestrator tells of no transactions."""
    moved = workflow.transactions.list
    if not moved:
        return 0 if workflow.cost.total == 0 else None
    return sum(one.amount if one.type == "debit" else -one.amount for one in moved)


def by_engine(jobs: Iterable[Realised]) -> list[EngineCosts]:
    """The jobs, engine by engine."""
    found: dict[str, EngineCosts] = {}
    for job in jobs:
        found.setdefault(job.engine, EngineCosts(job.engine)).jobs.append(job)
    return sorted(found.values(), key=lambda costs: costs.engine)


def quoted_prices(journal: Path) -> dict[str, float]:
    """What was quoted for journalled submissions, by the workflow they became; nothing without a journal."""
    if not journal.exists():
        return {}
    address = f"{journal.resolve().as_uri()}?mode=ro"
    with usable(journal), closing(sqlite3.connect(address, uri=True)) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "lines" not in tables:
            return {}
        asked = "SELECT workflow_id, price FROM lines WHERE workflow_id IS NOT NULL AND price IS NOT NULL"
        return {str(workflow_id): float(price) for workflow_id, price in db.execute(asked)}


def _estimate(workflow: Workflow, engines: Mapping[str, Engine]) -> int | None:
    prices = [price_step(_wire(step), engines) for step in workflow.steps]
    known = [price for price in prices if price is not None]
    return summed(known).total if known and len(known) == len(prices) else None


def _wire(step: Step) -> dict[str, Any]:
    return {"$type": step.type, "input": step.input}


def _sum(amounts: Iterable[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _spread(ratios: Sequence[float]) -> dict[str, float] | None:
    if not ratios:
        return None
    return {
        "least": round(min(ratios), 4), "median": round(median(ratios), 4), "most": round(max(ratios), 4),
    }  # fmt: skip


def _differs(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) > _ROUNDING


def _example(job: Realised) -> dict[str, Any]:
    return {"id": job.id, "estimate": job.estimate, "charged": job.charged}


def _verdict(full: Sequence[Realised], off: Sequence[Realised], ratios: Sequence[float]) -> str:
    if not full:
        return "no published price, or no charge, to compare"
    if not off:
        return "the published price is what was charged"
    spread = f"{min(ratios):.3g} to {max(ratios):.3g} times" if ratios else "other than"
    return f"the published price is off for {len(off)} of {len(full)}: charged was {spread} the estimate"
