"""A way through a form that ends in a request: each visible field gets a value that it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field
from civgen.forms.form import Form

Shown = Mapping[str, Any]


def walked(
    form: Form, facts: Facts, choose: Callable[[Field, Shown], Any]
) -> tuple[dict[str, Any], dict[str, Shown]]:
    """Fill a form from its first field to its last.

    Args:
        choose: a value for a field as it is shown, None to leave it out; asked only where anyone may.

    Returns:
        What was chosen and fits, and the fields that anyone may fill, as they are shown.
    """
    known = dict(facts)
    given: dict[str, Any] = {}
    open_fields: dict[str, Shown] = {}
    for one in form.fields:
        shown = one.resolve(known)
        if shown.get("hidden") or "derived" in shown:
            known |= {one.key: shown["derived"]} if "derived" in shown else {}
        elif "fixed" in shown:
            known[one.key] = one.read(shown["fixed"], {**shown, "required": False}, {}).value
        else:
            open_fields[one.key] = shown
            value = choose(one, shown)
            reading = None if one.is_missing(value) else one.read(value, shown, known)
            if reading is None or reading.problem:
                known[one.key] = one.empty(shown)
            else:
                given[one.key], known[one.key] = value, reading.value
    return given, open_fields
