"""Forms asked for by request: shown, or checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field
from civgen.forms.form import Mode
from civgen.forms.words import conditional, shown_when
from civgen.jobs.platform import Platform
from civgen.jobs.request import ROUTE, Request, invalid_request, read_request

if TYPE_CHECKING:
    from civgen.jobs.resources import Record


def show_form(raw: Mapping[str, Any], platform: Platform) -> dict[str, Any]:
    """The form that a request is judged by, in the state that its values bring about.

    Values that do not fit are no error: showing a form must work while it is being filled in. They are
    listed as `problems`, where there are any; what is still missing is not one. `conditions` of a field say
    what would change it.

    Raises:
        InvalidInput: the ecosystem does not offer the workflow key.
    """
    request = _routed(raw, platform)
    offered = _offered(request)
    fields = [
        one.outline(shown) | _conditions(one, offered)
        for one, shown in request.filled.shown
        if "derived" not in shown and not shown.get("hidden")
    ]
    problems = [*request.problems, *request.filled.problems]
    misfits = [one.as_json() for one in problems if one.given is not None]
    return {**route_of(request), "fields": fields} | ({"problems": misfits} if misfits else {})


def absent_fields(raw: Mapping[str, Any], platform: Platform) -> dict[str, str]:
    """The fields that a form does not show now and could show, with what would bring them, in words."""
    request = _routed(raw, platform)
    offered = _offered(request)
    hidden = (one for one, shown in request.filled.shown if shown.get("hidden"))
    found = {one.key: shown_when(one, offered) for one in hidden}
    return {key: when for key, when in found.items() if when}


def form_for(
    raw: Mapping[str, Any], platform: Platform
) -> tuple[Request, list[tuple[Field, dict[str, Any]]], Facts]:
    """A request with its fields as shown, and what their conditions see.

    Raises:
        InvalidInput: it does not lead to a form.
    """
    request = _routed(raw, platform)
    return request, request.filled.shown, {**platform.facts(request.workflow), **request.filled.values}


def route_of(request: Request) -> dict[str, Any]:
    """Where a request goes, as answers about forms begin."""
    return {
        "ecosystem": request.ecosystem.key if request.ecosystem else None,
        "workflow": request.workflow,
        "engine": request.engine.key,
        "version": (request.filled.values.get("model") or {}).get("id"),
    }


def validate_form(
    raw: Mapping[str, Any], platform: Platform, records: Iterable[Record] = (), mode: Mode = Mode.STRICT
) -> dict[str, Any]:
    """The values of a request that fits, and what was repaired on the way.

    Raises:
        InvalidInput: with every problem.
    """
    # Showing a form needs none of what judges resources and builds bodies.
    from civgen.jobs.preview import repairs_of, validate

    request, resolution = validate(raw, platform, records, mode)
    repairs = [one.as_json() for one in repairs_of(request, resolution)]
    return {"values": resolution.values, "repairs": repairs}


def _routed(raw: Mapping[str, Any], platform: Platform) -> Request:
    """The request, whose route is right.

    Raises:
        InvalidInput: with every problem, since the form is not the one meant.
    """
    request = read_request(raw, platform)
    if any(problem.field in ROUTE for problem in request.problems):
        raise invalid_request([*request.problems, *request.filled.problems])
    return request


def _offered(request: Request) -> dict[str, list[str]]:
    """What conditions may ask for at all, by name."""
    return {"workflow": request.ecosystem.workflows if request.ecosystem else [request.workflow]}


def _conditions(one: Field, offered: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    found = [f"{when}: {told}" for when, told in conditional(one, offered)]
    return {"conditions": found} if found else {}
