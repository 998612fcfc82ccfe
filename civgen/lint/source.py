"""Engine modules as text: where in a file an engine says what it says. Nothing is executed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from civgen.errors import Where, display_path


@dataclass(frozen=True)
class EngineSource:
    """The source of an engine's module."""

    path: Path

    def where(self, name: str | None = None) -> Where:
        """The place of an attribute or method of the engine's class, else of the class, else the file."""
        node = self._members.get(name or "") or self._class
        if node is None:
            return Where(display_path(self.path), field=name)
        return Where(display_path(self.path), node.lineno, node.col_offset + 1, name)

    def field(self, key: str) -> Where:
        """The place where the form declares a field, or one of its properties; else that of the form."""
        form = self._members.get("form")
        if form is not None:
            found = _spellings(key)
            for number in range(form.lineno, (form.end_lineno or form.lineno) + 1):
                if match := found.search(self._lines[number - 1]):
                    return Where(display_path(self.path), number, match.start() + 1, f"form.{key}")
        return self.where("form")

    @cached_property
    def _lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines()

    @cached_property
    def _class(self) -> ast.ClassDef | None:
        """The class that has a `key`, else the last one."""
        try:
            body = ast.parse("\n".join(self._lines)).body
        except SyntaxError:
            return None
        classes = [node for node in body if isinstance(node, ast.ClassDef)]
        keyed = [node for node in classes if "key" in _members(node)]
        found = keyed or classes
        return found[-1] if found else None

    @cached_property
    def _members(self) -> dict[str, ast.stmt]:
        return _members(self._class) if self._class else {}


def _members(node: ast.ClassDef) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            found |= {target.id: statement for target in statement.targets if isinstance(target, ast.Name)}
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = statement
    return found


def _spellings(key: str) -> re.Pattern[str]:
    """How a field is declared: `"outputFormat"`, `output_format(` of the shared ones, or by its kind."""
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower()
    kind = key[:1].upper() + key[1:]
    return re.compile(rf"\"{key}\"|'{key}'|\b{snake}\(|\b{kind}\(")
