"""CIV001."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from civgen.catalog.files import known_keys
from civgen.errors import InvalidFile, Problem, Where
from civgen.lint.edits import Edit, Fix, keys_by_field, only_near
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.rule import Rule
from civgen.tomlfile import Key, read_toml


class FileReads(Rule):
    """Every TOML file can be read, and says only what its kind may say.

    Why: a file that cannot be read hides its record from everything else. The other files are linted all
    the same, and what refers to the broken one is not held against them.

    Bad:

        # families/lodestones.toml
        key = "lodestones"
        id = "twenty"
        name = "Lodestones"
        homepage = "https://example.com"

    Good:

        # families/lodestones.toml
        key = "lodestones"
        id = 20
        name = "Lodestones"
    """

    code, name = "CIV001", "file-reads"
    always = True

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        models = {error: shelf.model for shelf in house.shelves.values() for error in shelf.errors}
        for error in house.errors:
            whole = Problem("", error.message, hint=error.hint, where=error.where)
            keys: dict[
                str, dict[str, Key | None]
            ] = {}  # by file, each read once for all that is wrong with it
            for problem in error.details or [whole]:
                words = problem.message if problem is whole else f"{problem.field} {problem.message}"
                where = problem.where or error.where or Where()
                if where.file and where.file not in keys:
                    keys[where.file] = _keys(Path(where.file))
                key = keys[where.file].get(where.field or "") if where.file else None
                fix = _fix(problem, where, key, models.get(error))
                yield self.finding(words, where, right=_right(problem, fix), fix=fix)


def _right(problem: Problem, fix: Fix | None) -> str | None:
    return problem.hint or (f"Did you mean {fix.edits[0].to}?" if fix else None)


def _fix(problem: Problem, where: Where, key: Key | None, model: type[BaseModel] | None) -> Fix | None:
    """A key that is not known, or a value that is none of those there are, with one that is near."""
    if model is None or not key or where.file is None:
        return None
    if problem.message == "is not known here":
        name = only_near(str(key[-1]), known_keys(model, key[:-1]))
        return Fix(f"call it {name}", (Edit(where.file, key, "rename", name),)) if name else None
    values = re.findall(r"'([^']+)'", str(problem.allowed or ""))
    value = only_near(problem.given, values) if isinstance(problem.given, str) else None
    return Fix(f"write {value!r}", (Edit(where.file, key, "set", value),)) if value else None


def _keys(path: Path) -> dict[str, Key | None]:
    try:
        return keys_by_field(read_toml(path).data)
    except InvalidFile:
        return {}
