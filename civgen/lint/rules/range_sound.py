"""CIV206."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civgen.forms.field import Field
from civgen.forms.soundness import ENDS, range_faults
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.places import owner
from civgen.lint.rule import Rule


class RangeSound(Rule):
    """A range begins before it ends, its step goes forward and fits into it, and its default lies within.

    Why: a slider whose ends are swapped has one position, and one without a step forward none. Every layer
    of a form is looked at by itself, so that a range is sound even where a condition changes it always.

    Bad:

        # ecosystems/Chroma.toml
        override = true
        [form.steps]
        min = 60
        step = 0

    Good:

        # ecosystems/Chroma.toml
        override = true
        [form.steps]
        min = 10
        step = 1
    """

    code, name = "CIV206", "range-sound"
    needs = "engines"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102, ARG002
        for field in maker.form.fields:
            for said, message in _faults(field):
                where = owner(maker, field.key, (said, *ENDS), {})
                yield self.finding(f"{field.key} {message}", where, subject=maker.subject)


def _faults(field: Field) -> Iterator[tuple[str, str]]:
    # What a condition leaves unsaid another one may say, so only what it says itself must be sound.
    for words in (field.properties, *(change.properties for change in field.changes)):
        yield from _in_layer(words)


def _in_layer(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from range_faults(words)
    low, high, step = (_number(words.get(name)) for name in (*ENDS, "step"))
    if step is not None and step <= 0:
        yield "step", f"has a step of {step}"
    elif step is not None and low is not None and high is not None and low < high and step > high - low:
        yield "step", f"has a step of {step}, which is more than there is from {low} to {high}"


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
