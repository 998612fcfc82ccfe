"""The fields of a form as data: what a page needs to show them and to carry their conditions out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.forms.field import Change, Field
from civgen.forms.form import Form

#: Where a kind of field stands on the page; any other stands among the settings.
_SECTIONS = {
    "model": "model",
    "text": "prompt",
    "images": "media",
    "video": "media",
    "resources": "resources",
    "resource": "resources",
    "controlNets": "resources",
    "aspectRatio": "size",
    "toggle": "switches",
    "seed": "output",
    "quantity": "output",
}
#: Fields of any kind that are about the file that comes out, by the platform's names.
_OUTPUT = frozenset({"outputFormat", "priority"})


def fields_as_data(form: Form) -> list[dict[str, Any]]:
    """The fields of a form in order, each with its properties and the changes to them under conditions."""
    return [_field(one) for one in form.fields]


def _field(one: Field) -> dict[str, Any]:
    section = "output" if one.key in _OUTPUT else _SECTIONS.get(one.kind, "settings")
    changes = [_change(change) for change in one.changes]
    said = {"key": one.key, "kind": one.kind, "section": section, "properties": dict(one.properties)}
    return said | ({"changes": changes} if changes else {})


def _change(change: Change) -> dict[str, Any]:
    conditions: Mapping[str, Any] = change.applies.written
    return {**conditions, "properties": dict(change.properties)}
