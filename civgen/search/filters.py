"""Filters as values, and as the text that a Meilisearch server takes.

type = LORA AND (versions.baseModel IN ["SDXL 1.0", Pony] OR canGenerate = true) AND NOT poi = true
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from civgen.errors import InvalidInput, Problem

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Has:
    """One of the values of `field` is one of `values`; text is compared without case."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """One of the values of `field` is a number that stands so to `value`: `>`, `>=`, `<` or `<=`."""

    field: str
    sign: str
    value: float


@dataclass(frozen=True, slots=True)
class Exists:
    """`field` is there, be it null."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    of: Filter


@dataclass(frozen=True, slots=True)
class All:
    """Each of them holds."""

    of: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of them holds."""

    of: tuple[Filter, ...]


Filter = Has | Compare | Exists | Not | All | Either


def has(field: str, *values: Value) -> Has:
    """Shorthand for `Has`."""
    return Has(field, values)


def fields_of(filter_: Filter) -> Iterator[str]:
    """Every field that a filter names."""
    match filter_:
        case All(of) | Either(of):
            for one in of:
                yield from fields_of(one)
        case Not(one):
            yield from fields_of(one)
        case _:
            yield filter_.field


def as_text(filter_: Filter) -> str:  # noqa: PLR0911 - one for each kind
    """A filter in the server's language; what `parse` reads as the same filter."""
    match filter_:
        case Has(field, (value,)):
            return f"{field} = {_literal(value)}"
        case Has(field, values):
            return f"{field} IN [{', '.join(map(_literal, values))}]"
        case Compare(field, sign, value):
            return f"{field} {sign} {value}"
        case Exists(field):
            return f"{field} EXISTS"
        case Not(one):
            return f"NOT ({as_text(one)})"
        case All(of):
            return " AND ".join(f"({as_text(one)})" for one in of)
        case Either(of):
            return " OR ".join(f"({as_text(one)})" for one in of)


def parse(text: str) -> Filter:
    """A filter from the server's language.

    Raises:
        InvalidInput: it cannot be read, with the place.
    """
    return _Parser(text).whole()


def _literal(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>>=|<=|!=|=|>|<|\(|\)|\[|\]|,)|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<word>[^\s()\[\],=<>!"']+))"""
)


class _Parser:
    """`or` of `and` of `not` of conditions, in that order of binding."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def whole(self) -> Filter:
        found = self._either()
        if self._peek() is not None:
            raise self._wrong("there is more than a filter")
        return found

    def _either(self) -> Filter:
        of = [self._all()]
        while self._taken("OR"):
            of.append(self._all())
        return of[0] if len(of) == 1 else Either(tuple(of))

    def _all(self) -> Filter:
        of = [self._not()]
        while self._taken("AND"):
            of.append(self._not())
        return of[0] if len(of) == 1 else All(tuple(of))

    def _not(self) -> Filter:
        if self._taken("NOT"):
            return Not(self._not())
        if self._taken("("):
            found = self._either()
            self._expect(")")
            return found
        return self._condition()

    def _condition(self) -> Filter:
        field = self._next("a field")
        if self._taken("EXISTS"):
            return Exists(field)
        if self._taken("IN"):
            return Has(field, tuple(self._list()))
        if self._taken("NOT"):
            return Not(Exists(field)) if self._taken("EXISTS") else Not(self._in_list(field))
        sign = self._next("a comparison")
        if sign in ("=", "!="):
            equal = Has(field, (self._value(),))
            return equal if sign == "=" else Not(equal)
        if sign in (">", ">=", "<", "<="):
            return Compare(field, sign, self._number())
        raise self._wrong(f"{sign!r} is no comparison")

    def _in_list(self, field: str) -> Has:
        self._expect("IN")
        return Has(field, tuple(self._list()))

    def _list(self) -> Iterator[Value]:
        self._expect("[")
        while not self._taken("]"):
            yield self._value()
            if not self._taken(","):
                self._expect("]")
                return

    def _value(self) -> Value:
        word = self._next("a value")
        if word[0] in "\"'":
            return _unquoted(word)
        try:
            plain: Value = json.loads(word)
        except ValueError:
            return word
        return plain if isinstance(plain, bool | int | float) else word

    def _number(self) -> float:
        value = self._value()
        if isinstance(value, bool | str):
            raise self._wrong(f"{value!r} is no number")
        return value

    def _peek(self) -> re.Match[str] | None:
        found = _TOKEN.match(self._text, self._at)
        if found is None and self._text[self._at :].strip():
            raise self._wrong("this cannot be read")
        return found

    def _taken(self, word: str) -> bool:
        found = self._peek()
        if found is None or found["text"] or found[0].strip().upper() != word:
            return False
        self._at = found.end()
        return True

    def _next(self, what: str) -> str:
        found = self._peek()
        if found is None:
            raise self._wrong(f"{what} is missing")
        self._at = found.end()
        return found[0].strip()

    def _expect(self, sign: str) -> None:
        if not self._taken(sign):
            raise self._wrong(f"{sign} is missing")

    def _wrong(self, why: str) -> InvalidInput:
        hint = 'For instance: type = LORA AND versions.baseModel IN ["SDXL 1.0", Pony]'
        place = f"column {self._at + 1} of the filter"
        return InvalidInput(
            f"{place}: {why}.",
            hint=hint,
            details=[Problem("filter", f"{why} ({place})", given=self._text, hint=hint)],
        )


def _unquoted(word: str) -> str:
    if word[0] == '"':
        return str(json.loads(word))
    return re.sub(r"\\(.)", r"\1", word[1:-1])
