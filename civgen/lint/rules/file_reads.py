"""CIV001."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.errors import Problem, Where
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.rule import Rule


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
        for error in house.errors:
            whole = Problem("", error.message, hint=error.hint, where=error.where)
            for problem in error.details or [whole]:
                words = problem.message if problem is whole else f"{problem.field} {problem.message}"
                yield self.finding(words, problem.where or error.where or Where(), right=problem.hint)
