"""Comments that keep a finding quiet: `# civgen: ignore[CIV204] the model was trained at this size`.

Behind a line, such a comment is about that line; behind the header of a table, or on a line of its own
above it, about the whole table with its subtables; on a line of its own elsewhere, about the next line. In
an engine's module it is about the statement: behind `class` or `def`, about all of the class or function.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from civgen.errors import Where
from civgen.lint.finding import Finding

#: What a file that has such a comment contains.
MARK = re.compile(r"civgen\s*:\s*ignore", re.IGNORECASE)
_COMMENT = re.compile(r"#\s*civgen\s*:\s*ignore\b\s*(?:\[(?P<codes>[^\]]*)\])?(?P<reason>.*)", re.IGNORECASE)
#: Strings and comments of TOML, whichever comes first.
_TOML = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_HEADER = re.compile(r"\s*\[\[?([^\]#\[]+)\]")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment.

    Attributes:
        file, line, column: where it stands.
        codes: of the rules that it keeps quiet.
        reason: why.
        first, last: the lines that it is about.
    """

    file: str
    line: int
    column: int
    codes: tuple[str, ...]
    reason: str
    first: int
    last: int

    @property
    def where(self) -> Where:
        """Its own place."""
        return Where(self.file, self.line, self.column)

    def quiets(self, finding: Finding) -> bool:
        """Whether a finding is kept quiet: one without a line stands at the top of its file."""
        here = finding.where.file == self.file and self.first <= (finding.where.line or 1) <= self.last
        return here and bool(self.reason) and finding.code in self.codes


def ignores_in(file: str, text: str) -> list[Ignore]:
    """The comments of a file that can be read: a Python module by its name's ending, else TOML."""
    if not MARK.search(text):
        return []
    lines = text.splitlines()
    found, scope = (
        (_in_python(text), _statements(text)) if file.endswith(".py") else (_in_toml(text), _tables(lines))
    )
    return [_ignore(file, line, column, comment, lines, scope) for line, column, comment in found]


def comments(text: str) -> list[str]:
    """All comments of a TOML file, in order."""
    return [match[0] for match in _TOML.finditer(text) if match[0].startswith("#")]


def _ignore(
    file: str, line: int, column: int, comment: str, lines: list[str], scope: dict[int, int]
) -> Ignore:
    match = _COMMENT.match(comment)
    assert match is not None
    codes = tuple(code.strip().upper() for code in (match["codes"] or "").split(",") if code.strip())
    first = line
    if not lines[line - 1][: column - 1].strip():  # on a line of its own
        first = next((n for n in range(line + 1, len(lines) + 1) if _says_something(lines[n - 1])), line)
    last = scope.get(first, first)
    return Ignore(file, line, column, codes, match["reason"].strip(" -:–"), first, last)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _in_toml(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _TOML.finditer(text):
        if match[0].startswith("#") and _COMMENT.match(match[0]):
            start = text.rfind("\n", 0, match.start()) + 1
            yield text.count("\n", 0, match.start()) + 1, match.start() - start + 1, match[0]


def _in_python(text: str) -> Iterator[tuple[int, int, str]]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        if token.type == tokenize.COMMENT and _COMMENT.match(token.string):
            yield token.start[0], token.start[1] + 1, token.string


def _tables(lines: list[str]) -> dict[int, int]:
    """The last line of every table with its subtables, by the line of its header."""
    headers = [
        (number, [part.strip(" \t\"'") for part in match[1].split(".")])
        for number, line in enumerate(lines, start=1)
        if (match := _HEADER.match(line))
    ]
    ends: dict[int, int] = {}
    opened: list[tuple[int, list[str]]] = []
    for number, name in headers:
        while opened and not (len(name) > len(opened[-1][1]) and name[: len(opened[-1][1])] == opened[-1][1]):
            ends[opened.pop()[0]] = number - 1
        opened.append((number, name))
    return ends | {number: len(lines) for number, _ in opened}


def _statements(text: str) -> dict[int, int]:
    """The last line of every statement, by its first; of several on one line, that of the longest."""
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    ends: dict[int, int] = {}
    for node in nodes:
        ends[node.lineno] = max(ends.get(node.lineno, 0), node.end_lineno or node.lineno)
    return ends
