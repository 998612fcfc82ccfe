"""A request carried through to the body that would be posted; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.catalog.records import Ecosystem
from civgen.engines.base import BuildContext, Step
from civgen.engines.calls import steps_of
from civgen.errors import InvalidInput, Problem
from civgen.forms.conditions import Facts, condition
from civgen.forms.form import Mode, Repair
from civgen.jobs.body import body_of
from civgen.jobs.limits import Limits, limits_of
from civgen.jobs.platform import Platform
from civgen.jobs.request import Request, invalid_request, read_request
from civgen.jobs.resources import Record, Resolution, resolve_resources

#: Seeds that are drawn lie between 1 and this, as on the platform.
HIGHEST_DRAWN_SEED = 2147483647
#: What is paid with where nothing is said.
PAID_WITH = ("yellow",)


def middle_seed() -> int:
    """The seed that a preview shows where none was given: the middle of those that may be drawn.

    A preview must be the same each time, to be compared and kept; only submitting draws.
    """
    return HIGHEST_DRAWN_SEED // 2


@dataclass(frozen=True)
class Preview:
    """A request, judged and built.

    Attributes:
        body: what would be posted.
        values: the form's values.
        limits: what it is held to.
        seed_drawn: whether the seed in it is a stand-in for one that will be drawn.
    """

    request: Request
    resolution: Resolution
    steps: Sequence[Step]
    body: dict[str, Any]
    values: dict[str, Any]
    repairs: list[Repair]
    seed_drawn: bool
    limits: Limits

    def as_json(self) -> dict[str, Any]:
        """The result line of `civgen preview --batch`."""
        return {"body": self.body, "values": self.values, "repairs": [one.as_json() for one in self.repairs]}


def validate(
    raw: Mapping[str, Any], platform: Platform, records: Iterable[Record] = (), mode: Mode = Mode.STRICT
) -> tuple[Request, Resolution]:
    """A request with its form filled and its resources found.

    Raises:
        InvalidInput: with every problem of the request.
    """
    return _judged(raw, platform, records, mode, PAID_WITH)[:2]


def _judged(
    raw: Mapping[str, Any],
    platform: Platform,
    records: Iterable[Record],
    mode: Mode,
    currencies: Sequence[str],
) -> tuple[Request, Resolution, Limits]:
    request = read_request(raw, platform, mode)
    resolution = resolve_resources(request, records, platform, mode)
    limits = limits_of(request, resolution, platform, currencies)
    if problems := [*request.problems, *request.filled.problems, *resolution.problems, *limits.problems]:
        raise invalid_request(problems)
    return request, resolution, limits


def preview(
    raw: Mapping[str, Any],
    platform: Platform,
    records: Iterable[Record] = (),
    mode: Mode = Mode.STRICT,
    *,
    currencies: Sequence[str] = PAID_WITH,
    draw_seed: Callable[[], int] = middle_seed,
) -> Preview:
    """Carry a request through to its body.

    Args:
        raw: a request as flat JSON, with the platform's field names.
        records: resource records that take precedence over catalogue and database.
        draw_seed: makes a seed where none was given.

    Raises:
        InvalidInput: with every problem, of the fields, the resources or the contract.
    """
    request, resolution, limits = _judged(raw, platform, records, mode, currencies)
    values = dict(resolution.values)
    seed_drawn = "seed" in values and values["seed"] is None
    if seed_drawn:
        values["seed"] = draw_seed()
    steps = steps_of(request.engine, values, resolution.resources, context_of(request, values, platform))
    body = body_of(request, values, resolution.resources, steps, currencies, limits)
    if problems := platform.contract.check_body(body):
        raise _against_contract(request, problems)
    repairs = repairs_of(request, resolution)
    return Preview(request, resolution, steps, body, values, repairs, seed_drawn, limits)


def context_of(request: Request, values: Mapping[str, Any], platform: Platform) -> BuildContext:
    """What the engine may know of a request besides its values."""
    catalog = platform.catalog
    known = catalog.version((values.get("model") or {}).get("id", 0))
    ecosystem = request.ecosystem
    said = _options_of(ecosystem, {**platform.facts(request.workflow), **values}) if ecosystem else {}
    options = {**said, **(known[0].engine if known else {})}
    return BuildContext(ecosystem.key if ecosystem else "", request.workflow, options, catalog)


def _options_of(ecosystem: Ecosystem, facts: Facts) -> dict[str, Any]:
    """What an ecosystem says to its engine under `facts`."""
    options = dict(ecosystem.engine_options)
    for rule in ecosystem.engine_options_when:
        if condition(rule.match, rule.unless)(facts):
            options.update(rule.options)
    return options


def repairs_of(request: Request, resolution: Resolution) -> list[Repair]:
    """Everything that was changed on the way."""
    return [*request.repairs, *request.filled.repairs, *resolution.repairs]


def _against_contract(request: Request, problems: Sequence[Problem]) -> InvalidInput:
    asked = request.ecosystem.key if request.ecosystem else request.workflow
    first = problems[0]
    message = (
        f"The orchestrator would refuse what the engine {request.engine.key} built for {asked}: "
        f"{first.field} {first.message}."
    )
    why = f"{first.hint} " if first.hint else ""
    hint = f"{why}Form or engine say what the contract does not take: `civgen lint` names the place."
    return InvalidInput(message, hint=hint, details=problems)
