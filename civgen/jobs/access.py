"""Whether somebody may generate with a resource, and why not: what the platform asks beside coverage.

Source: the gate of the platform's generation service (August 2026). What it switches at run time, and who
has bought access, is not in the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from civgen.catalog import Catalog
from civgen.db.resource import Facts, PaidAccess

#: The bit of a version's flags by which moderators keep it from generating.
GENERATION_DISABLED = 2
#: The membership tier that is none.
WITHOUT_MEMBERSHIP = "free"


@dataclass(frozen=True, slots=True)
class Person:
    """Who wants to generate; without a number anybody who owns nothing here."""

    id: int | None = None
    tier: str = WITHOUT_MEMBERSHIP
    is_moderator: bool = False

    def owns(self, facts: Facts) -> bool:
        """Whether the model is theirs, or they may act as if it were."""
        return self.is_moderator or (self.id is not None and self.id == facts.model["userId"])


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way, under a name for machines."""

    name: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """`{"name", "why"}`."""
        return asdict(self)


def obstacles(
    facts: Facts, person: Person, catalog: Catalog, now: datetime, *, epoch: bool = False
) -> Iterator[Obstacle]:
    """All that stands in the way of a person who wants to generate with a version.

    Args:
        epoch: whether one of its training epochs is meant.
    """
    version = facts.version
    if not facts.coverage.through:
        yield Obstacle("not-covered", f"no row covers it: see `civgen coverage {version['id']}`")
    if version["flags"] & GENERATION_DISABLED:
        yield Obstacle("disabled", "moderators disabled generation with it")
    yield from _status(facts, person)
    yield from _private(facts, person, epoch=epoch)
    if version["usageControl"] == "InternalGeneration" and not person.is_moderator:
        yield Obstacle("internal", "its usageControl InternalGeneration lets only moderators generate")
    yield from _paid(facts.paid, person.owns(facts), now)
    yield from _support(facts, catalog)


def is_private(facts: Facts) -> bool:
    """Whether only its owner may use it."""
    version = facts.version
    return version["availability"] == "Private" or version["status"] in ("Draft", "Training")


def _status(facts: Facts, person: Person) -> Iterator[Obstacle]:
    status = facts.version["status"]
    taken = ("Published", "Draft", "Training", *(["Scheduled"] if person.is_moderator else []))
    if status not in taken:
        yield Obstacle("status", f"its status is {status}")


def _private(facts: Facts, person: Person, *, epoch: bool) -> Iterator[Obstacle]:
    private = is_private(facts)
    if private and not person.owns(facts):
        yield Obstacle("private", f"it is private to its owner, user {facts.model['userId']}")
    if (private or epoch) and person.tier == WITHOUT_MEMBERSHIP and not person.is_moderator:
        what = "a training epoch" if epoch else "a private resource"
        yield Obstacle("subscription", f"{what} takes a paid membership; the tier {person.tier} is none")


def _paid(paid: PaidAccess | None, is_owner: bool, now: datetime) -> Iterator[Obstacle]:
    if paid is None or is_owner or (paid.ends is not None and paid.ends <= now):
        return
    terms = paid.terms.get("generation") or {}
    if terms.get("free"):
        return
    price = terms.get("price") or (paid.terms.get("download") or {}).get("price")
    until = f" until {paid.ends:%Y-%m-%d}" if paid.ends else ""
    said = f"{price} Buzz" if price is not None else "a price that the terms do not say"
    trial = f", after {terms['trialLimit']} tries for free" if terms.get("trialLimit") else ""
    yield Obstacle("paid-access", f"access costs {said}{until}{trial}; who has bought it is not known here")


def _support(facts: Facts, catalog: Catalog) -> Iterator[Obstacle]:
    base_model, kind = facts.version["baseModel"], facts.model["type"]
    home = catalog.ecosystem_of(base_model)
    if home is None:
        yield Obstacle("base-model", f"the catalogue does not know the base model {base_model!r}")
    elif kind not in catalog.ecosystem(home).support.generation:
        yield Obstacle("support", f"{home} does not generate with a {kind}")
    elif catalog.base_model(base_model)[0].disabled:
        yield Obstacle("base-model", f"the base model {base_model!r} is disabled")
