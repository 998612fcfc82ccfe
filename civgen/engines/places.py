"""Where in its module an engine says what it says of a field. Modules are read as text, not run."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from civgen.errors import Where, display_path
from civgen.forms.field import Field
from civgen.forms.origin import Origin


def engine_origin(owner: str, field: Field, layer: int) -> Origin:
    """The origin of a layer of a field as an engine declares it.

    Args:
        layer: 0 for what always holds, then the entries of `when` in order.
    """
    return Origin(owner, lambda name: _where(field, layer, name))


def _where(field: Field, layer: int, name: str | None) -> Where:
    file, line = field.declared
    path = Path(file)
    return Where(display_path(path), _line(path, line, layer, name or ""), None, f"form.{field.key}")


@lru_cache(maxsize=256)
def _line(path: Path, line: int, layer: int, name: str) -> int:
    """The line of a property within the call that begins at `line`, or of that."""
    calls = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call) and node.lineno == line]
    for call in calls:
        said = {one.arg: one.value for one in call.keywords}
        if layer == 0 and name in said:
            return said[name].lineno
        entries = said.get("when")
        if layer and isinstance(entries, ast.List) and layer <= len(entries.elts):
            return _entry_line(entries.elts[layer - 1], name)
    return line


def _entry_line(entry: ast.expr, name: str) -> int:
    """The line of a property in an entry of `when`, or that of the entry."""
    keys = entry.keys if isinstance(entry, ast.Dict) else []
    found = (key.lineno for key in keys if isinstance(key, ast.Constant) and key.value == name)
    return next(found, entry.lineno)


@lru_cache(maxsize=8)
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
