"""What can go wrong on the way to the sandbox and back, and when it does.

A fault is named `NAME` or `NAME=NUMBER`. A request meets one because its header `X-Sandbox-Fault` asks for
it, because it is planned (`POST /sandbox/faults`, `--faults FILE`), or by chance (`--fail RATE`): the n-th
request that is left to chance meets what the n-th draw from the seed says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError

from civgen.errors import InvalidInput, Problem
from civgen.sandbox.refusals import violations

#: Asks for a fault of one request.
HEADER = "x-sandbox-fault"
#: Name -> what happens; `after` means after the request was carried out, so that only the answer is lost.
FAULTS = {
    "429": "too many requests, not carried out; the number is Retry-After in seconds, by default 1",
    "500": "a problem document, not carried out; likewise 502, 503 and 504",
    "502-after": "the same, but carried out; likewise 500-after, 503-after and 504-after",
    "html": "the web page of a dead gateway, not carried out; the number is its status, by default 502",
    "reset-before": "the connection is reset, not carried out",
    "reset-after": "the connection is reset in place of an answer, carried out",
    "truncated": "half of the answer as if it were all, carried out",
    "cut": "the connection ends in the middle of the answer, carried out",
    "slow": "carried out, and answered in ten pieces over that number of seconds, by default 2",
    "stall": "no answer, not carried out; the connection ends after that number of seconds, by default 2",
    "lost": "no answer, carried out; the connection ends after that number of seconds, by default 2",
    "substitute": "another model runs than the one asked for, and metadata.modelSubstitutions says so",
    "substitute-silently": "another model runs than the one asked for, and only the step's input shows it",
}
#: Those that chance chooses from.
BY_CHANCE = (
    "429", "500", "502-after", "html", "reset-before", "reset-after", "truncated", "cut", "slow", "lost",
)  # fmt: skip
_STATUSES = {"502", "503", "504", "500-after", "503-after", "504-after"}
_WORD = re.compile(r"([\w-]+)(?:=(\d{1,6}(?:\.\d{1,3})?))?", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """One fault; `argument` is a number of seconds or a status, where the fault takes one."""

    name: str
    argument: float | None = None


def fault_of(text: str) -> Fault:
    """A fault by name.

    Raises:
        InvalidInput: there is none that is called so.
    """
    found = _WORD.fullmatch(text.strip())
    if not found or found[1] not in FAULTS.keys() | _STATUSES:
        known = [*FAULTS, *sorted(_STATUSES)]
        problem = Problem("fault", "must be a fault, or FAULT=NUMBER", text, known)
        raise InvalidInput(f"There is no fault {text!r}.", details=[problem])
    return Fault(found[1], float(found[2]) if found[2] else None)


class Planned(BaseModel):
    """A fault for requests to come.

    Attributes:
        method: of the requests that meet it; empty for any.
        path: what the path of those requests begins with.
        skip: how many of them it lets pass first.
        times: how many of them meet it then.
    """

    model_config = ConfigDict(extra="forbid")

    fault: str
    method: str = ""
    path: str = "/v2/"
    skip: NonNegativeInt = 0
    times: PositiveInt = Field(default=1)

    @field_validator("fault")
    @classmethod
    def _is_known(cls, fault: str) -> str:
        try:
            fault_of(fault)
        except InvalidInput:
            raise PydanticCustomError("fault", "is no fault: `civgen sandbox faults` lists them") from None
        return fault

    def concerns(self, method: str, path: str) -> bool:
        """Whether a request is one of those."""
        return self.method.upper() in ("", method) and path.startswith(self.path)


_PLANS = TypeAdapter(list[Planned])


def planned_faults(given: Any) -> list[Planned]:
    """Faults from a JSON list, or from one object.

    Raises:
        InvalidInput: with every problem.
    """
    try:
        return _PLANS.validate_python(given if isinstance(given, list) else [given])
    except ValidationError as error:
        raise violations(error) from None


@dataclass
class Faults:
    """Which requests meet which faults.

    Args:
        rate: part of the requests that chance gives one.
        seed: of chance.

    Attributes:
        requests: how many came; `dealt` counts the faults among them by name.
    """

    rate: float = 0.0
    seed: int = 0
    planned: list[Planned] = field(default_factory=list)
    requests: int = 0
    dealt: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = Random(f"{self.seed}|faults")

    def plan(self, more: Iterable[Planned]) -> None:
        """Plan faults; of several that concern a request it meets the first."""
        self.planned.extend(more)

    def next(self, method: str, path: str, asked: str | None) -> Fault | None:
        """The fault of a request, or None.

        Raises:
            InvalidInput: it asks for one that does not exist.
        """
        self.requests += 1
        fault = fault_of(asked) if asked else self._planned(method, path) or self._by_chance()
        if fault:
            self.dealt[fault.name] += 1
        return fault

    def _planned(self, method: str, path: str) -> Fault | None:
        for one in self.planned:
            if not one.concerns(method, path):
                continue
            if one.skip:
                one.skip -= 1
                continue
            one.times -= 1
            if not one.times:
                self.planned.remove(one)
            return fault_of(one.fault)
        return None

    def _by_chance(self) -> Fault | None:
        """Two draws a request, fault or not, so that another rate does not shift them."""
        if not self.rate:
            return None
        met, which = self._random.random() < self.rate, self._random.choice(BY_CHANCE)
        return Fault(which) if met else None
