"""What a file may say of a form: properties of fields, and when they hold."""

from __future__ import annotations

from typing import Any

from civgen.catalog.words import Match, Record, Scalar


class FieldChange(Record):
    """Properties of a form field that a file lays over the engine's.

    `sizes` names a size set in place of `options`, and `ratios` those of it that are offered; `versions`
    names an ecosystem whose versions they are.

    Attributes:
        label: what people read.
        help: a sentence beside it.
        why: why it is so, for whoever is refused.
        unit: of a number, such as s or px.
        default: what it starts with.
        step: distance of the values of a range.
        limit: entries at most.
        min_length: characters at least.
        max_length: characters at most.
        capped_by: limit of the tier that holds, too.
        options: values on offer, or tables of `value` and `label`.
        presets: values under a name.
        sizes: key of a size set.
        ratios: those of the set that are offered.
        versions: key of the ecosystem whose versions are offered.
        fixed: the only value that it takes.
        hidden: whether a person does not see it.
        disabled: whether it is seen, and cannot be changed.
        locked: whether only what is on offer is taken, never a community checkpoint.
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
