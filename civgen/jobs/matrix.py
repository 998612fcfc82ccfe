"""Prices over everything that a form offers: one request, varied along some of its fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.errors import CivgenError, InvalidInput, Problem, did_you_mean
from civgen.forms.field import Field
from civgen.forms.form import Mode
from civgen.jobs.platform import Platform
from civgen.jobs.prices import Estimate, estimate_request, with_stand_ins
from civgen.jobs.request import read_request
from civgen.jobs.resources import Record

#: A number with at most this many steps is gone through step by step; else ends and default stand for it.
FEW_STEPS = 8
#: Cells beyond which a table is no longer one.
MOST_CELLS = 2000
#: What an axis may be besides a field of the form.
ROUTES = ("ecosystem", "workflow")
#: How a field is labelled that a combination's form does not have, and one that does not apply in it.
ABSENT, HIDDEN = "", "–"


@dataclass(frozen=True)
class Axis:
    """A field to vary, over given values, or over what is offered."""

    name: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Cell:
    """The price of one combination.

    Attributes:
        values: by axis; None where the field does not apply to the combination.
        labels: the same, for a reader.
        refused: why it is no valid request; then there is no estimate.
    """

    values: Mapping[str, Any]
    labels: Mapping[str, str]
    estimate: Estimate | None = None
    refused: str | None = None

    @property
    def total(self) -> int | None:
        """In Buzz; None when it is not known."""
        price = self.estimate.price if self.estimate else None
        return price.total if price else None

    def as_json(self) -> dict[str, Any]:
        """An entry of the document's `cells`."""
        found = self.estimate.as_json() if self.estimate else {"refused": self.refused}
        return {"values": dict(self.values), **found}


def axes_of(text: str) -> list[Axis]:
    """The axes that `--matrix` names.

    >>> axes_of("duration,resolution=480p/720p")
    [Axis(name='duration', values=()), Axis(name='resolution', values=('480p', '720p'))]
    """
    axes = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, values = part.partition("=")
        axes.append(Axis(name, tuple(_value(one) for one in values.split("/")) if values else ()))
    if not axes:
        raise InvalidInput("--matrix names no field.", hint="For instance --matrix duration,resolution.")
    return axes


def matrix(
    raw: Mapping[str, Any],
    axes: Sequence[Axis],
    platform: Platform,
    records: Iterable[Record] = (),
    mode: Mode = Mode.STRICT,
) -> list[Cell]:
    """The published price of every combination that the form offers.

    Raises:
        InvalidInput: an axis is no field of the form, or one that has nothing to go through; or the
            combinations are too many.
    """
    known = list(records)
    cells: list[Cell] = []
    for values, labels in _combinations(raw, axes, platform):
        if len(cells) == MOST_CELLS:
            raise InvalidInput(
                f"These are more than {MOST_CELLS} combinations.",
                hint="Name fewer fields, or their values: --matrix steps=20/30.",
            )
        cells.append(_cell({**raw, **_given(values)}, values, labels, platform, known, mode))
    for axis in axes:
        if all(cell.labels[axis.name] == ABSENT for cell in cells):
            raise _no_field(axis.name, raw, platform)
    return cells


def _cell(
    request: Mapping[str, Any],
    values: Mapping[str, Any],
    labels: Mapping[str, str],
    platform: Platform,
    records: Sequence[Record],
    mode: Mode,
) -> Cell:
    try:
        return Cell(values, labels, estimate_request(request, platform, records, mode))
    except CivgenError as error:
        return Cell(values, labels, refused=error.message)


def _combinations(
    raw: Mapping[str, Any], axes: Sequence[Axis], platform: Platform
) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Every combination; what a later axis offers may hang on the values of those before it."""
    if not axes:
        yield {}, {}
        return
    axis, *others = axes
    for value, label in _offered(axis, raw, platform):
        for values, labels in _combinations({**raw, **_given({axis.name: value})}, others, platform):
            yield {axis.name: value, **values}, {axis.name: label, **labels}


def _offered(axis: Axis, raw: Mapping[str, Any], platform: Platform) -> list[tuple[Any, str]]:
    if axis.values:
        return [(value, str(value)) for value in axis.values]
    if axis.name == "ecosystem":
        able = [one.key for one in platform.catalog.all_ecosystems() if one.engine]
        return [(key, key) for key in able]
    request = read_request(with_stand_ins(raw, platform)[0], platform)
    if axis.name == "workflow":
        return [(key, key) for key in (request.ecosystem.workflows if request.ecosystem else ())]
    for field, shown in request.filled.shown:
        if field.key == axis.name:
            return _samples(field, shown)
    return [(None, ABSENT)]


def _no_field(name: str, raw: Mapping[str, Any], platform: Platform) -> InvalidInput:
    fields = read_request(raw, platform).filled.shown if raw.get("ecosystem") else []
    keys = [*ROUTES, *(field.key for field, _ in fields)]
    hint = did_you_mean(name, keys, f"Fields: {', '.join(keys)}")
    problem = Problem("--matrix", "is not a field of this form", given=name, hint=hint)
    return InvalidInput(f"{name} is not a field of this form.", hint=hint, details=[problem])


def _samples(field: Field, shown: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Values that stand for all that a field takes; None where it does not apply."""
    if shown.get("hidden") or "derived" in shown:
        return [(None, HIDDEN)]
    if "fixed" in shown:
        return [(None, str(shown["fixed"]))]
    if "options" in shown:
        return [(one["value"], _label(one)) for one in shown["options"]]
    if field.kind == "toggle":
        return [(False, "no"), (True, "yes")]
    if "min" in shown and "max" in shown and field.kind in ("number", "quantity"):
        return [(number, str(number)) for number in _numbers(shown)]
    message = f"{field.key} has no options and no range to go through."
    hint = f"Name its values: --matrix {field.key}=A/B."
    raise InvalidInput(message, hint=hint, details=[Problem("--matrix", message, given=field.key)])


def _numbers(shown: Mapping[str, Any]) -> list[Any]:
    low, high, step = shown["min"], shown["max"], shown.get("step") or 1
    count = round((high - low) / step)
    if count <= FEW_STEPS:
        return [round(low + step * number, 9) for number in range(count + 1)]
    return sorted({low, shown.get("default") or low, high})


def _label(option: Mapping[str, Any]) -> str:
    value, label = str(option["value"]), str(option.get("label") or option["value"])
    return label if label.startswith(value) else f"{label} ({value})"


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a request gives them; a model by its number."""
    given = {name: value for name, value in values.items() if value is not None}
    return given | ({"model": {"id": given["model"]}} if isinstance(given.get("model"), int) else {})


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
