"""TOML as text: what is written into a new file, and what is put into one that a person keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tomlkit.container import Container

Table = Mapping[str, Any]


def literal(value: Any) -> str:
    """A value as TOML writes it; mappings become inline tables.

    >>> literal({"fastMode": True, "sizes": ["2K"]})
    '{ fastMode = true, sizes = ["2K"] }'
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {literal(part)}" for name, part in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(part) for part in value) + "]"
    # A JSON string is a TOML string, too, as long as nothing is escaped as a pair of surrogates.
    return json.dumps(value, ensure_ascii=False)


def pairs(table: Table) -> str:
    """A table's lines, without its header."""
    return "".join(f"{name} = {literal(value)}\n" for name, value in table.items())


def with_values(text: str, values: Table) -> str:
    """`text` with more top-level values: right below its `key`, or at the top where it has none."""
    lines = text.splitlines(keepends=True)
    names = [line.partition("=")[0].strip() for line in lines]
    place = names.index("key") + 1 if "key" in names else 0
    added = pairs(values).replace("\n", "\r\n" if "\r\n" in text else "\n")
    return "".join([*lines[:place], added, *lines[place:]])


def with_tables(text: str, array: str, tables: Sequence[Table]) -> str:
    """`text` with more tables at the end of an array of tables; everything else stays as it is.

    Args:
        array: its name, for instance `versions`; it may be missing, or be written in line.
    """
    import tomlkit

    newline = "\r\n" if "\r\n" in text else "\n"
    body = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    document = tomlkit.parse(body)
    known = document.get(array)
    # Entries that stand apart would be drawn together: then the end of the file is the better place.
    if known is None or tomlkit.dumps(document) != body:
        result = body + "".join(f"\n[[{array}]]\n{pairs(table)}" for table in tables)
    else:
        for table in tables:
            _append(known, array, table)
        result = tomlkit.dumps(document)
    return result.replace("\n", newline)


def with_default(text: str, version: int, before: Sequence[int]) -> str:
    """`text` with another version as the default; those `before` are none any more.

    Args:
        version: its id; like those before, it may be one of a file below.
    """
    import tomlkit

    wanted = {**dict.fromkeys(before, False), version: True}
    document = tomlkit.parse(text)
    for table in document.get("versions", ()):
        if (said := wanted.pop(table.get("id"), None)) is not None and table.get("default", False) != said:
            table["default"] = said
    missing = [{"id": number, "default": said} for number, said in wanted.items()]
    return with_tables(tomlkit.dumps(document), "versions", missing) if missing else tomlkit.dumps(document)


def _append(known: Any, array: str, table: Table) -> None:
    """Append to an array of tables, before the comments that introduce whatever comes after it."""
    import tomlkit
    from tomlkit.items import AoT

    if not isinstance(known, AoT):
        known.append(tomlkit.parse(f"value = {literal(table)}")["value"])
        return
    trailing = _taken_off(known[-1].value)
    known[-1].value.body.append((None, tomlkit.ws("\n")))
    new = tomlkit.parse(f"[[{array}]]\n{pairs(table)}")[array]
    assert isinstance(new, AoT)
    known.append(new[0])
    known[-1].value.body.extend(trailing)


def _taken_off(container: Container) -> list[Any]:
    """Blank lines and comments at the very end of a table, which it loses."""
    from tomlkit.items import Table as Inner

    last = container.body[-1][1] if container.body else None
    if isinstance(last, Inner):
        return _taken_off(last.value)
    trailing: list[Any] = []
    while container.body and container.body[-1][0] is None:
        trailing.insert(0, container.body.pop())
    return trailing
