"""From a layout to the files of a host, as changes that can be shown before they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from civgen.errors import Problem, Refused, Where, display_path
from civgen.scaffold.changes import FileChange, confined, read_text
from civgen.scaffold.host.data import Kind, Row
from civgen.scaffold.host.layout import Export, Layout, Module
from civgen.scaffold.host.typescript import Writer

#: First line of every file: what does not begin with it was written by somebody else.
GENERATED = "// Made by `civgen export typescript`; do not edit."


def host_changes(layout: Layout, known: Mapping[str, Kind], out: Path) -> tuple[list[FileChange], list[str]]:
    """The files that differ from what is there, and the paths of those that do not.

    Raises:
        Refused: a file is somebody else's, or lies outside `out`; names every such file.
    """
    changes, unchanged = [], []
    for module in layout.modules:
        before = read_text(confined(out, module.path))
        after = module_text(module, layout, known)
        # Git may have changed line endings, which are then kept.
        if before is not None and before.replace("\r\n", "\n") == after:
            unchanged.append(module.path)
        else:
            changes.append(FileChange(module.path, before, after))
    if foreign := [one for one in changes if one.before is not None and not one.before.startswith(GENERATED)]:
        raise _refused(out, foreign)
    return changes, unchanged


def module_text(module: Module, layout: Layout, known: Mapping[str, Kind]) -> str:
    """The text of one module."""
    writer = Writer(layout.style)
    parts = [part for export in module.exports for part in _parts(export, known[export.data], writer)]
    return "\n".join([f"{GENERATED}\n", *parts])


def _parts(export: Export, kind: Kind, writer: Writer) -> Iterator[str]:
    """The declarations of one export: names, type, constant."""
    key = export.key or kind.key
    wanted = [row for row in kind.rows if export.wants(row)]
    keys = [row[key] for row in wanted]
    rows = [_cut(kind.complete(row), export.fields) for row in wanted]
    if export.names:
        yield from _names(export.names, keys, writer)
    yield from _constant(export, dict(zip(keys, rows, strict=True)), writer)


def _constant(export: Export, rows: dict[Any, Row], writer: Writer) -> Iterator[str]:
    value: Any = rows if export.shape == "record" else list(rows.values())
    if writer.style.declare == "as-const":
        yield writer.constant(export.name, value)
        if export.type:
            each = "number" if export.shape == "list" else f"keyof typeof {export.name}"
            yield writer.alias(export.type, f"(typeof {export.name})[{each}]")
        return
    yield writer.interface(str(export.type), list(rows.values()))
    keyed = "number" if rows and all(isinstance(key, int) for key in rows) else "string"
    whole = (
        f"ReadonlyArray<{export.type}>"
        if export.shape == "list"
        else f"Readonly<Record<{export.names or keyed}, {export.type}>>"
    )
    yield writer.constant(export.name, value, whole)


def _names(name: str, keys: Sequence[str | int], writer: Writer) -> Iterator[str]:
    """The type of the keys, in the style that is wanted."""
    if writer.style.names == "enum":
        yield writer.enum(name, keys)
    elif writer.style.names == "union":
        yield writer.alias(name, writer.union(keys))
    else:
        yield writer.constant(name, {writer.member(key): key for key in keys})
        yield writer.alias(name, f"(typeof {name})[keyof typeof {name}]")


def _cut(row: Row, fields: Sequence[str] | None) -> Row:
    """A row with the wanted properties, in the order in which they were asked for."""
    return row if fields is None else {name: row[name] for name in fields if name in row}


def _refused(out: Path, foreign: Sequence[FileChange]) -> Refused:
    hint = f"Move it away, or name another path; civgen writes over files that begin with: {GENERATED}"
    problems = [
        Problem(one.path, "was not written by civgen", hint=hint, where=Where(display_path(out / one.path)))
        for one in foreign
    ]
    names = ", ".join(one.path for one in foreign)
    return Refused(
        f"{names}: there already, and not written by civgen; nothing was written.",
        hint=hint,
        where=problems[0].where,
        details=problems,
    )
