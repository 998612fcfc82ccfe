"""Engine modules as text: where in a file an engine says what it says. Nothing is executed."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Where, display_path
from civgen.tomlfile import read_text


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

    @property
    def text(self) -> str:
        """The file as it stands; nothing if it cannot be read."""
        return self._read[0]

    @property
    def error(self) -> InvalidFile | None:
        """Why it cannot be read, or is no Python."""
        return self._read[1] or self._parsed[1]

    @property
    def names(self) -> frozenset[str]:
        """What the engine's class says itself: attributes and methods."""
        return frozenset(self._members)

    @property
    def class_name(self) -> str | None:
        """The engine's class, if there is one."""
        return self._class.name if self._class else None

    @property
    def docstring(self) -> str | None:
        """That of the engine's class."""
        return ast.get_docstring(self._class) if self._class else None

    @property
    def imports(self) -> frozenset[str]:
        """The packages that the module imports anything of; the empty name is its own."""
        nodes = list(ast.walk(self._parsed[0]))
        plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        named = [
            ("." * node.level) + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)
        ]
        return frozenset(name.partition(".")[0] for name in (*plain, *named))

    def literal(self, name: str) -> Any:
        """The value of an attribute that the class says as a literal; else None."""
        node = self._members.get(name)
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        try:
            return ast.literal_eval(value) if value is not None else None
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def _read(self) -> tuple[str, InvalidFile | None]:
        try:
            return read_text(self.path), None
        except InvalidFile as error:
            return "", error

    @cached_property
    def _parsed(self) -> tuple[ast.Module, InvalidFile | None]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an escape that is none is not for lint to judge
                return ast.parse(self.text), None
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
            words = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
            name = display_path(self.path)
            where = Where(name, line or 1, max(column or 1, 1))
            return ast.Module([], []), InvalidFile(f"{name} is not Python: {words}.", where=where)

    @cached_property
    def _class(self) -> ast.ClassDef | None:
        """The class that has a `key`, else the last one."""
        classes = [node for node in self._parsed[0].body if isinstance(node, ast.ClassDef)]
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
