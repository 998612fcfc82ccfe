"""Where each part of a field comes from: who says it, under which condition, in which file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civgen.errors import Where, not_found
from civgen.forms.conditions import Facts
from civgen.forms.field import Change, Field
from civgen.forms.words import condition_text
from civgen.jobs.forms import form_for, route_of
from civgen.jobs.platform import Platform

Part = dict[str, Any]


def explain_field(raw: Mapping[str, Any], platform: Platform, key: str) -> dict[str, Any]:
    """The layers of one field of the form that a request is judged by.

    Returns:
        The route, `field` with the field as it stands, and `parts`: one entry for each time a property is
        said, in the order in which they are laid over, with `part`, `value`, `owner`, `where`, `condition`,
        whether it `applies` now, and whether it `stands`, that is, nothing after it says otherwise.

    Raises:
        NotFound: the form has no such field.
        InvalidInput: the request does not lead to a form.
    """
    request, shown, facts = form_for(raw, platform)
    found = next(((one, now) for one, now in shown if one.key == key), None)
    if found is None:
        raise not_found(f"field of {request.engine.key}", key, [one.key for one, _ in shown])
    field, now = found
    parts = [*_parts(field, facts), *_cap(now, platform)]
    return {**route_of(request), "field": {"hidden": False, **field.outline(now)}, "parts": parts}


def _parts(field: Field, facts: Facts) -> Iterator[Part]:
    names = dict.fromkeys(name for layer in field.layers for name in layer.properties)
    for name in names:
        said = list(field.said_of(name))
        last = max((n for n, layer in enumerate(said) if layer.applies(facts)), default=None)
        for n, layer in enumerate(said):
            yield _part(name, layer, facts) | {"stands": n == last}


def _part(name: str, layer: Change, facts: Facts) -> Part:
    return {
        "part": name,
        "value": layer.properties[name],
        "owner": layer.origin.owner,
        "where": _place(layer.origin.where(name)),
        "condition": condition_text(layer.applies) or None,
        "match": dict(layer.applies.written.get("match", {})),
        "unless": dict(layer.applies.written.get("unless", {})),
        "applies": layer.applies(facts),
    }


def _cap(shown: Mapping[str, Any], platform: Platform) -> Iterator[Part]:
    """What the tier says, where it allows less than the form."""
    if not shown.get("capped"):
        return
    entry, limit = platform.catalog.tiers[platform.tier], shown["capped_by"]
    part = "limit" if "limit" in shown else "max"
    yield {
        "part": part,
        "value": platform.limits[limit],
        "owner": f"tier {platform.tier}",
        "where": _place(entry.where(limit)),
        "condition": None,
        "match": {},
        "unless": {},
        "applies": True,
        "stands": True,
    }


def _place(where: Where | None) -> dict[str, Any] | None:
    return (
        {"file": where.file, "line": where.line, "column": where.column, "field": where.field}
        if where
        else None
    )
