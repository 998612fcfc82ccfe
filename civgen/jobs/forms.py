"""Forms asked for by request: shown, or checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from civgen.forms.form import Mode
from civgen.jobs.platform import Platform
from civgen.jobs.preview import invalid_request, repairs_of, validate
from civgen.jobs.request import read_request
from civgen.jobs.resources import Record


def show_form(raw: Mapping[str, Any], platform: Platform) -> dict[str, Any]:
    """The form that a request is judged by, in the state that its values bring about.

    The values themselves are not judged: showing a form must work while it is being filled in.

    Raises:
        InvalidInput: the ecosystem does not offer the workflow key.
    """
    request = read_request(raw, platform)
    if request.problems:
        raise invalid_request(request.problems)
    model = request.filled.values.get("model") or {}
    return {
        "ecosystem": request.ecosystem.key if request.ecosystem else None,
        "workflow": request.workflow,
        "engine": request.engine.key,
        "version": model.get("id"),
        "fields": request.filled.outline(),
    }


def validate_form(
    raw: Mapping[str, Any], platform: Platform, records: Iterable[Record] = (), mode: Mode = Mode.STRICT
) -> dict[str, Any]:
    """The values of a request that fits, and what was repaired on the way.

    Raises:
        InvalidInput: with every problem.
    """
    request, resolution = validate(raw, platform, records, mode)
    repairs = [one.as_json() for one in repairs_of(request, resolution)]
    return {"values": resolution.values, "repairs": repairs}
