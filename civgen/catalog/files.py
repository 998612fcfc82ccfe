"""From TOML files to records, keeping where everything stands.

A record may have two layers: a built-in file and one of the workspace with `override = true`, laid
over it. Tables are merged key by key, arrays of tables entry by entry (by `id`, else `ecosystem`),
anything else is replaced.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from civgen.errors import InvalidFile, Problem, Where, did_you_mean, display_path
from civgen.tomlfile import Key, TomlFile, dotted, read_toml

R = TypeVar("R", bound=BaseModel)

BUILT_IN = Path(__file__).parent


@dataclass(frozen=True)
class Entry(Generic[R]):
    """A record and the files that say it, the lowest layer first."""

    record: R
    files: tuple[TomlFile, ...]

    def where(self, *key: str | int) -> Where:
        """The place that has the last word on `key`, a path into the record."""
        return place(self.files, _merged([file.data for file in self.files]), key)

    @property
    def overrides(self) -> list[str]:
        """The keys that the workspace's file says in place of the built-in one."""
        return sorted(_leaves(self.files[1].data)) if len(self.files) > 1 else []


def read_entry(files: Sequence[Path], model: type[R]) -> Entry[R]:
    """Read a record from its layers.

    Raises:
        InvalidFile: with every problem of the record, each with file, line and column.
    """
    layers = tuple(read_toml(path) for path in files)
    data = _merged([layer.data for layer in layers])
    try:
        return Entry(model.model_validate(data), layers)
    except ValidationError as error:
        raise _invalid(error, layers, data, model) from None


def place(files: Sequence[TomlFile], merged: Mapping[str, Any], key: Key) -> Where:
    """Where `key` of the merged data stands, or what it would stand in: in the uppermost file that has it."""
    while not _says(merged, key):
        key = key[:-1]
    for file in reversed(files):
        local = _localised(file.data, merged, key)
        if local is not None:
            return file.where(local)
    return files[-1].where(())


def local_key(files: Sequence[TomlFile], key: Key) -> tuple[TomlFile, Key] | None:
    """The uppermost file that says `key` of the merged data, and the key in its own; None without one."""
    if len(files) == 1:  # two of its tables may have the same id, so the key is taken as it is
        return (files[0], key) if _says(files[0].data, key) else None
    merged = _merged([file.data for file in files])
    for file in reversed(files):
        if _says(merged, key) and (local := _localised(file.data, merged, key)) is not None:
            return file, local
    return None


def _says(data: Any, key: Key) -> bool:
    for part in key:
        if isinstance(data, Mapping) and part in data:
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return False
    return True


def _invalid(
    error: ValidationError, files: Sequence[TomlFile], data: Mapping[str, Any], model: type[BaseModel]
) -> InvalidFile:
    problems: dict[str, Problem] = {}
    for problem in (_problem(entry, files, data, model) for entry in error.errors()):
        known = problems.get(problem.field)
        if known is None or known.allowed is None:  # of a field of several types, that tells what is allowed
            problems[problem.field] = problem
    first, *others = problems.values()
    more = f" ({len(others)} more)" if others else ""
    name = display_path(files[-1].path)
    return InvalidFile(
        f"{name}: {first.field} {first.message}{more}.",
        hint=first.hint,
        where=first.where,
        details=[first, *others],
    )


def _problem(
    entry: Any, files: Sequence[TomlFile], data: Mapping[str, Any], model: type[BaseModel]
) -> Problem:
    # Pydantic puts the name of the union's branch into the path; only keys of the file are wanted.
    key = tuple(_real_keys(entry["loc"], data))
    field = dotted(key) or dotted(entry["loc"])
    where = place(files, data, key)
    if entry["type"] == "extra_forbidden":
        known = known_keys(model, key[:-1])
        hint = did_you_mean(str(key[-1]), known, f"Known here: {', '.join(sorted(known))}")
        return Problem(field, "is not known here", given=entry["input"], hint=hint, where=where)
    if entry["type"] == "missing":
        missing = dotted(entry["loc"])
        return Problem(missing, "is missing", hint=f"Add {entry['loc'][-1]} = … to this table.", where=where)
    given = entry["input"] if isinstance(entry["input"], str | int | float | bool | list) else None
    allowed = entry.get("ctx", {}).get("expected")
    return Problem(field, _plain(entry["msg"]), given=given, allowed=allowed, where=where)


def _plain(message: str) -> str:
    return message.removeprefix("Input ").removeprefix("Value ").replace("should be", "must be").rstrip(".")


def _real_keys(loc: tuple[str | int, ...], data: Any) -> Iterator[str | int]:
    for part in loc:
        if isinstance(data, Mapping) and part in data:
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        yield part


def known_keys(model: type[BaseModel], key: Key) -> set[str]:
    """The keys that a table at `key` may have."""
    current: Any = model
    for part in key:
        if isinstance(current, type) and issubclass(current, BaseModel) and part in current.model_fields:
            current = current.model_fields[str(part)].annotation
        found = list(_models_in(current))
        current = found[0] if found else current
    is_model = isinstance(current, type) and issubclass(current, BaseModel)
    return set(current.model_fields) if is_model else set()


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)


def _merged(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for layer in layers:
        result = merge(result, {key: value for key, value in layer.items() if key != "override"})
    return result


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` laid over `below`; see the module's docstring for how."""
    result = dict(below)
    for key, value in above.items():
        known = result.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            result[key] = merge(known, value)
        elif _are_tables(known) and _are_tables(value) and _identity(value[0]) is not None:
            result[key] = _merge_tables(result[key], value)
        else:
            result[key] = value
    return result


def _merge_tables(below: list[dict[str, Any]], above: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result = {_identity(table): table for table in below}
    for table in above:
        name = _identity(table)
        result[name] = merge(result[name], table) if name in result else table
    return list(result.values())


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _identity(table: Mapping[str, Any]) -> Hashable:
    name = table.get("id", table.get("ecosystem"))
    # What is no name at all is found wrong later; here it is only like nothing else.
    return name if isinstance(name, Hashable) else repr(name)


def _localised(local: Any, merged: Any, key: Key) -> Key | None:
    """`key` as a path into one layer: the places of table entries may differ from the merged ones."""
    result: list[str | int] = []
    for part in key:
        if isinstance(merged, Mapping) and part not in merged:
            return None
        merged = merged[part]
        if isinstance(part, int) and isinstance(local, list):
            there = part < len(local) and _same(local[part], merged)
            part = part if there else _index(local, merged)  # noqa: PLW2901
        found = (isinstance(local, Mapping) and part in local) or (isinstance(local, list) and part != -1)
        if not found:
            return None
        local = local[part]
        result.append(part)
    return tuple(result)


def _index(entries: list[Any], wanted: Any) -> int:
    return next((index for index, one in enumerate(entries) if _same(one, wanted)), -1)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping) and _identity(one) is not None:
        return bool(_identity(one) == _identity(other))
    return bool(one == other)


def _leaves(data: Mapping[str, Any], prefix: Key = ()) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*prefix, key))
        elif key not in ("key", "override"):
            yield dotted((*prefix, key))
