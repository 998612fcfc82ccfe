"""Read a layout, and list everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from civgen.errors import InvalidFile, Problem, did_you_mean, display_path
from civgen.scaffold.host.data import Kind
from civgen.scaffold.host.layout import Export, Layout, Module, Part, Style, Value, each
from civgen.tomlfile import Key, TomlFile, dotted, read_toml


def read_layout(path: Path, known: Mapping[str, Kind]) -> Layout:
    """Read and judge a layout.

    Raises:
        InvalidFile: with every problem, each with its line.
    """
    file = read_toml(path)
    problems: list[Problem] = []
    layout = None
    try:
        layout = Layout.model_validate(file.data)
    except ValidationError as error:
        problems += [_structural(file, entry) for entry in error.errors()]
    problems += _Judge(file, known).problems()
    if problems or layout is None:
        first = problems[0]
        message = f"{display_path(path)}: {first.field} {first.message}."
        raise InvalidFile(message, hint=first.hint, where=first.where, details=problems)
    return layout


@dataclass(frozen=True)
class _Judge:
    """What the parts must agree on; what is wrong in itself is left out."""

    file: TomlFile
    known: Mapping[str, Kind]

    def problems(self) -> Iterator[Problem]:
        style = _style(self.file.data.get("style", {}))
        paths: dict[str, str] = {}
        for number, module in enumerate(_tables(self.file.data.get("modules"))):
            at: Key = ("modules", number)
            if isinstance(path := module.get("path"), str):
                if path.lower() in paths:  # the same file where case does not count
                    yield self._problem((*at, "path"), "is there twice", path)
                paths[path.lower()] = path
            declared: set[str] = set()
            for place, table in enumerate(_tables(module.get("exports"))):
                if export := _readable(table):
                    here = (*at, "exports", place)
                    yield from self._names(export, here, declared)
                    yield from self._export(export, here, style)

    def _names(self, export: Export, at: Key, declared: set[str]) -> Iterator[Problem]:
        for key, name in export.declared:
            if name in declared:
                yield self._problem((*at, key), "is declared twice in its module", name)
            declared.add(name)

    def _export(self, export: Export, at: Key, style: Style | None) -> Iterator[Problem]:
        kind = self.known.get(export.data)
        if kind is None:
            yield self._problem((*at, "data"), "is no kind of data", export.data, sorted(self.known))
            return
        if style and style.declare == "typed" and export.type is None:
            hint = "Name the type of one row, or set style.declare to as-const."
            yield self._problem((*at, "type"), "is required where style.declare is typed", hint=hint)
        wanted = [("key", [export.key] if export.key else []), ("fields", export.fields or [])]
        for what, names in [*wanted, ("where", list(export.where))]:
            for name in names:
                if name not in kind.properties:
                    message = f"names {name}, which {kind.name} do not have"
                    yield self._problem((*at, what), message, name, kind.properties)
        yield from self._values(export, kind, at)
        if export.key in kind.properties:
            yield from self._unique(export, kind, at)

    def _values(self, export: Export, kind: Kind, at: Key) -> Iterator[Problem]:
        """A value that nothing has is a slip, and would silently leave everything out."""
        slips = list(self._slips(export, kind, at))
        yield from slips
        if not slips and set(export.where) <= set(kind.properties) and not any(map(export.wants, kind.rows)):
            hint = "Ask for less at once, or leave the export out."
            yield self._problem((*at, "where"), f"leaves none of the {kind.name}", hint=hint)

    def _slips(self, export: Export, kind: Kind, at: Key) -> Iterator[Problem]:
        for name, some in export.where.items():
            there = {value for row in kind.rows for value in each(row.get(name))}
            for value in each(some):
                if there and value not in there:
                    message = f"asks for {value}, which no {name} of {kind.name} is"
                    yield self._problem((*at, "where", name), message, value, sorted(map(str, there)))

    def _unique(self, export: Export, kind: Kind, at: Key) -> Iterator[Problem]:
        """Two rows of one key would become one."""
        keys = [row.get(str(export.key)) for row in kind.rows if export.wants(row)]
        if any(not isinstance(key, str | int) or isinstance(key, bool) for key in keys):
            yield self._problem((*at, "key"), "must be a text or a number in every row", export.key)
        elif len(set(keys)) < len(keys):
            yield self._problem((*at, "key"), "must differ from row to row", export.key)

    def _problem(
        self, at: Key, message: str, given: Any = None, known: Iterable[str] = (), hint: str | None = None
    ) -> Problem:
        allowed = list(known)
        hint = hint or (did_you_mean(str(given), allowed) if allowed else None)
        return Problem(dotted(at), message, given, allowed or None, hint, self.file.where(at))


def _structural(file: TomlFile, entry: Any) -> Problem:
    """What is wrong with one value in itself."""
    at = tuple(part for part in entry["loc"] if _is_key(part))
    where, name = file.where(at), dotted(at)
    if entry["type"] == "extra_forbidden":
        allowed = list(_part_of(at).model_fields)
        return Problem(name, "is not known", None, allowed, did_you_mean(str(at[-1]), allowed), where)
    if entry["type"] == "missing":
        return Problem(name, "is required", where=where)
    message = entry["msg"].removeprefix("Value error, ").removeprefix("Input ").replace("should ", "must ")
    given = entry["input"] if isinstance(entry["input"], Value) else None
    options = re.findall(r"'([^']*)'", entry.get("ctx", {}).get("expected", ""))
    hint = did_you_mean(str(given), options) if options else None
    return Problem(name, message, given, options or None, hint, where)


def _is_key(part: str | int) -> bool:
    """Whether a part of a place is a key of the file, and not the name of a type that was tried."""
    tried = ("int", "str", "float", "bool")
    return isinstance(part, int) or (part not in tried and bool(re.fullmatch(r"\w+", part)))


def _part_of(at: Key) -> type[Part]:
    """What the table is that a key stands in."""
    if "exports" in at[:-1]:
        return Export
    parts: dict[str, type[Part]] = {"modules": Module, "style": Style}
    return parts.get(str(at[0]), Layout) if len(at) > 1 else Layout


def _tables(value: Any) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _style(table: Any) -> Style | None:
    try:
        return Style.model_validate(table)
    except ValidationError:
        return None


def _readable(table: dict[str, Any]) -> Export | None:
    """An export without what is wrong in itself, so that the rest is judged, too; None without data."""
    try:
        return Export.model_validate(table)
    except ValidationError as error:
        wrong = {entry["loc"][0] for entry in error.errors()}
    rest = {name: value for name, value in table.items() if name not in wrong}
    return Export.model_construct(**{"name": "", **rest}) if "data" in rest else None
