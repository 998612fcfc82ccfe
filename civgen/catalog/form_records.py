"""What a file may say of a form: properties of fields, and when they hold."""

from __future__ import annotations

from typing import Any

from civgen.catalog.words import Match, Record, Scalar


class FieldChange(Record):
    """Properties of a form field that a file lays over the engine's.

    `sizes` names a size set in place of `options`, and `ratios` those of it that are offered; `versions`
    names an ecosystem whose versions they are.
    """

    label: str | None = None
    help: str | None = None
    why: str | None = None
    unit: str | None = None
    default: Scalar | None = None
    min: float | int | None = None
    max: float | int | None = None
    step: float | int | None = None
    limit: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    capped_by: str | None = None
    options: list[Scalar | dict[str, Any]] | None = None
    presets: list[dict[str, Any]] | None = None
    sizes: str | None = None
    ratios: list[str] | None = None
    versions: str | None = None
    fixed: Scalar | None = None
    required: bool | None = None
    hidden: bool | None = None
    disabled: bool | None = None
    locked: bool | None = None

    def properties(self) -> dict[str, Any]:
        """What was said, and only that."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"when", "match", "unless"}}


class ConditionalChange(FieldChange):
    """Properties that hold while `match` does, and `unless` does not."""

    match: Match = {}
    unless: Match = {}


class FieldChanges(FieldChange):
    """All that a file says of one field."""

    when: list[ConditionalChange] = []


FormChanges = dict[str, FieldChanges]
