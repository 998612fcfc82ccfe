"""TypeScript: values, types and declarations, in a style."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.scaffold.host.layout import Style

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


@dataclass(frozen=True)
class Writer:
    """Writes in one style; every declaration ends with a line end."""

    style: Style

    def text(self, value: str) -> str:
        r"""A string literal; with the other quotes where that needs no escape.

        >>> Writer(Style()).text("it's"), Writer(Style()).text("a")
        ('"it\'s"', "'a'")
        """
        double = json.dumps(value, ensure_ascii=False)
        wants_single = self.style.quotes == "single"
        single = "'" + double[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        if ("'" in value) != ('"' in value):
            return single if '"' in value else double
        return single if wants_single else double

    def key(self, name: str) -> str:
        """A property's name, quoted where it must be."""
        return name if _PLAIN.fullmatch(name) else self.text(name)

    def value(self, value: Any, depth: int = 0, used: int = 0) -> str:
        """A literal, over several lines where one is too long.

        Args:
            depth: how far the line that it begins in is indented, in steps.
            used: columns that are taken in that line.
        """
        if isinstance(value, str):
            return self.text(value)
        if not isinstance(value, dict | list) or not value:
            return _scalar(value)
        flat = self._flat(value)
        if used + len(flat) + 2 <= self.style.width:
            return flat
        inner = depth + 1
        indent = self._indent * inner
        if isinstance(value, dict):
            pairs = ((f"{self.key(str(name))}: ", one) for name, one in value.items())
            lines = [
                f"{head}{self.value(one, inner, self._columns(inner) + len(head))}" for head, one in pairs
            ]
            return self._broken("{", lines, "}", depth)
        return self._broken("[", [self.value(one, inner, len(indent)) for one in value], "]", depth)

    def _flat(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = (f"{self.key(str(key))}: {self._flat(one)}" for key, one in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        if isinstance(value, list):
            return f"[{', '.join(map(self._flat, value))}]"
        return self.text(value) if isinstance(value, str) else _scalar(value)

    def _broken(self, opening: str, lines: Sequence[str], closing: str, depth: int) -> str:
        indent = self._indent * (depth + 1)
        body = ",\n".join(f"{indent}{line}" for line in lines)
        return (
            f"{opening}\n{body}{',' if self.style.trailing_commas else ''}\n{self._indent * depth}{closing}"
        )

    def constant(self, name: str, value: Any, kind: str | None = None) -> str:
        """`export const`: of a declared type, else frozen as it is."""
        head = f"export const {name}{f': {kind}' if kind else ''} = "
        return f"{head}{self.value(value, used=len(head))}{'' if kind else ' as const'}{self._end}\n"

    def alias(self, name: str, kind: str) -> str:
        """`export type`."""
        return f"export type {name} ={'' if kind.startswith(chr(10)) else ' '}{kind}{self._end}\n"

    def union(self, values: Iterable[str | int]) -> str:
        """One of some values, a line each."""
        options = "".join(f"\n{self._indent}| {self.value(one)}" for one in values)
        return options or "never"

    def enum(self, name: str, values: Iterable[str | int]) -> str:
        """`export enum`; a member whose value is a number has `_` before it."""
        pairs = [f"{self.key(self.member(one))} = {self.value(one)}" for one in values]
        return (
            f"export enum {name} {self._broken('{', pairs, '}', 0)}\n"
            if pairs
            else f"export enum {name} {{}}\n"
        )

    @staticmethod
    def member(value: str | int) -> str:
        """What a value is called in an enum: no member may look like a number."""
        text = str(value)
        return f"_{text}" if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?|-?Infinity|NaN", text) else text

    def interface(self, name: str, rows: Sequence[dict[str, Any]]) -> str:
        """`export interface`: what all rows have in common, the rest optional."""
        return f"export interface {name} {self._shape(rows, 0) if any(rows) else '{}'}\n"

    def type_of(self, values: Sequence[Any], depth: int = 0) -> str:
        """A type that all of some values have."""
        found: list[str] = []
        rows = [one for one in values if isinstance(one, dict)]
        lists = [one for one in values if isinstance(one, list)]
        for kind, name in ((bool, "boolean"), (str, "string"), ((int, float), "number")):
            if any(isinstance(one, kind) and (kind is bool or not isinstance(one, bool)) for one in values):
                found.append(name)
        if lists:
            found.append(f"ReadonlyArray<{self.type_of([one for some in lists for one in some], depth)}>")
        if rows:
            found.append(self._shape(rows, depth))
        if any(one is None for one in values):
            found.append("null")
        return " | ".join(found) or "never"

    def _shape(self, rows: Sequence[dict[str, Any]], depth: int) -> str:
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines = []
        for name in names:
            some = [row[name] for row in rows if name in row]
            optional = "?" if len(some) < len(rows) else ""
            lines.append(f"readonly {self.key(str(name))}{optional}: {self.type_of(some, depth + 1)}")
        indent, end = self._indent * (depth + 1), self._end or ""
        body = "".join(f"{indent}{line}{end}\n" for line in lines)
        return f"{{\n{body}{self._indent * depth}}}" if lines else "Readonly<Record<string, never>>"

    @property
    def _indent(self) -> str:
        return "\t" if self.style.indent == "tab" else " " * self.style.indent

    def _columns(self, depth: int) -> int:
        return depth * (4 if self.style.indent == "tab" else self.style.indent)

    @property
    def _end(self) -> str:
        return ";" if self.style.semicolons else ""


def _scalar(value: Any) -> str:
    """A number as JavaScript shows it: there is no 1.0."""
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value)
