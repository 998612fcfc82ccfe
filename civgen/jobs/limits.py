"""What limits a request: whether it may bring mature content, and what it is private to. Decided here alone.

    asked            private, or a licence or resource that forbids it      otherwise
    nothing, no      false                                                  false
    auto             false                                                  left out: the currency decides
    yes              refused                                                true; refused without yellow Buzz

A request is private when one of its resources is: unpublished, or an epoch of a training. It is then held
to `pg13`, and needs a membership. What a licence forbids is said in its file; what a resource does, in its
record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.air import parse_air
from civgen.errors import InvalidInput, Problem
from civgen.jobs.licences import licences_of
from civgen.jobs.platform import Platform
from civgen.jobs.request import Request
from civgen.jobs.resources import Record, Resolution

#: What a private generation is held to.
PRIVATE_LEVEL = "pg13"
#: What mature content may be paid with; the others pay for what anybody may see.
MATURE_CURRENCIES = ("yellow", "fakeRed")
#: The tier without a membership.
_NO_MEMBERSHIP = "free"
#: Words of a resource record that forbid mature content, as the database and the orchestrator have them.
_FORBIDDING = ("minor", "sfwOnly", "hasMatureContentRestriction", "hasNSFWContentRestriction")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request is held to.

    Attributes:
        allow_mature: None where the currency that pays decides.
        nsfw_level: highest level of what comes out; None where nothing is said.
        why: what forbids mature content, in words.
        problems: what was asked for and may not be.
    """

    allow_mature: bool | None
    nsfw_level: str | None = None
    is_private: bool = False
    why: Sequence[str] = ()
    problems: Sequence[Problem] = ()

    def as_body(self) -> dict[str, Any]:
        """The part of a submission that they make."""
        said = {"allowMatureContent": self.allow_mature, "nsfwLevel": self.nsfw_level}
        return {name: value for name, value in said.items() if value is not None}


#: What a request is held to of which nothing is said.
PLAIN = Limits(allow_mature=False)


def limits_of(
    request: Request, resolution: Resolution, platform: Platform, currencies: Iterable[str]
) -> Limits:
    """Decide what a request is held to.

    Args:
        currencies: the environment's, unless the request names its own.
    """
    epochs = {one.id for one in resolution.resources.all if one.epoch is not None}
    private = [name for name, record in _named(resolution) if name in epochs or _is_private(record)]
    why = [*_private_reasons(private), *_resource_reasons(resolution)]
    why += _licence_reasons(request, resolution, platform)
    problems = list(_needs_membership(private, platform))
    asked = request.options.allowMatureContent
    if asked is True:
        problems += _refusals(why, request.options.currencies or tuple(currencies))
    allow = asked if asked != "auto" else None
    level = PRIVATE_LEVEL if private else None
    return Limits(False if why else allow, level, bool(private), why, problems)


def _named(resolution: Resolution) -> Iterator[tuple[int, Record]]:
    records = resolution.records
    return ((one.id, {**records.get(one.id, {}), "air": one.air}) for one in resolution.resources.all)


def _is_private(record: Mapping[str, Any]) -> bool:
    """Whether a resource is for its owner alone: hidden, or a file that a training made."""
    if record.get("availability") == "Private":
        return True
    try:
        return parse_air(record["air"]).source.lower() == "orchestrator"
    except InvalidInput:
        return False


def _private_reasons(private: Sequence[int]) -> list[str]:
    return [f"the resource {number} is private" for number in private]


def _resource_reasons(resolution: Resolution) -> list[str]:
    return [
        f"the resource {number} is marked {word}"
        for number, record in _named(resolution)
        for word in _FORBIDDING
        if record.get(word)
    ]


def _licence_reasons(request: Request, resolution: Resolution, platform: Platform) -> list[str]:
    licences = licences_of(request, resolution, platform)
    return [f"the licence {one.name} does not allow it" for one in licences if one.disable_mature]


def _refusals(why: Sequence[str], currencies: Sequence[str]) -> Iterator[Problem]:
    for reason in why:
        hint = "Leave it out, or use other models."
        yield Problem("allowMatureContent", f"cannot be: {reason}", given=True, hint=hint)
    if not set(MATURE_CURRENCIES) & set(currencies):
        paid = MATURE_CURRENCIES[0]
        message = f"cannot be: mature content is paid with {paid} Buzz"
        hint = f"Add {paid} to currencies, of the request or of the environment."
        yield Problem("allowMatureContent", message, given=True, hint=hint)


def _needs_membership(private: Sequence[int], platform: Platform) -> Iterator[Problem]:
    for number in private if platform.tier == _NO_MEMBERSHIP else ():
        message = "is private, and private resources need a membership"
        hint = "Say the account's with --tier, or as tier of the environment in civgen.toml."
        yield Problem("resources", message, given=number, hint=hint)
