"""CIV201."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.errors import Problem
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import subject_of
from civgen.lint.rule import Rule


class FormComposes(Rule):
    """What a file says of the form concerns a field that the engine has, and a property that the field has.

    Why: the words of an ecosystem and its versions are laid over the engine's form by name. A name that
    the engine does not have would change nothing.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [form.generateSound]
        hidden = true
        [form.duration]
        min = 4

    Good:

        # ecosystems/Veo3.toml
        override = true
        [form.generateAudio]
        hidden = true
        [form.duration]
        default = 4
    """

    code, name = "CIV201", "form-composes"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, error in house.form_errors:
            subject = subject_of(entry)
            whole = Problem("", error.message, hint=error.hint, where=error.where)
            for problem in error.details or [whole]:
                if not problem.field.endswith((".sizes", ".versions")):  # what does not exist is CIV103's
                    words = problem.message if problem is whole else f"{problem.field} {problem.message}"
                    where = problem.where or entry.where("engine")
                    yield self.finding(words.rstrip("."), where, right=problem.hint, subject=subject)
