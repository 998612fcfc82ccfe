"""Two forms side by side: fields that only one has, and what differs in those that both have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civgen.jobs.forms import show_form
from civgen.jobs.platform import Platform

Outline = Mapping[str, Any]
_ROUTE = ("ecosystem", "workflow", "engine", "version")


def diff_forms(left: Mapping[str, Any], right: Mapping[str, Any], platform: Platform) -> dict[str, Any]:
    """Compare the forms that two requests are judged by.

    Returns:
        The routes as `left` and `right`; `only_left` and `only_right` with keys of fields; `differ` with one
        entry for each part of a field: `key`, `part`, `left`, `right`; `same` with keys.

    Raises:
        InvalidInput: one does not lead to a form.
    """
    shown = [show_form(raw, platform) for raw in (left, right)]
    ours, theirs = ({one["key"]: one for one in form["fields"]} for form in shown)
    both = [key for key in ours if key in theirs]
    differ = [entry for key in both for entry in _differences(ours[key], theirs[key])]
    changed = {entry["key"] for entry in differ}
    return {
        "left": {name: shown[0][name] for name in _ROUTE},
        "right": {name: shown[1][name] for name in _ROUTE},
        "only_left": [key for key in ours if key not in theirs],
        "only_right": [key for key in theirs if key not in ours],
        "differ": differ,
        "same": [key for key in both if key not in changed],
    }


def _differences(left: Outline, right: Outline) -> Iterator[dict[str, Any]]:
    for part in dict.fromkeys((*left, *right)):
        ours, theirs = left.get(part), right.get(part)
        if ours != theirs:
            yield {"key": left["key"], "part": part, "left": ours, "right": theirs}
