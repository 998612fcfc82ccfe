"""What a rule is."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from civgen.errors import Where
from civgen.lint.finding import Finding, Severity

if TYPE_CHECKING:
    from civgen.lint.house import House


class Rule(ABC):
    """Base of all rules; a rule is a module of `civgen.lint.rules` with one subclass.

    Its docstring is its documentation: a line that says what holds, a paragraph `Why:`, and the
    examples `Bad:` and `Good:`, indented by four. An example is one or more files of a workspace, each
    below a comment with its path (`# ecosystems/Chroma.toml`); they are run as tests.

    Attributes:
        code: `CIV` and three digits, the first of which is the group.
        name: the code in words.
        severity: of its findings, unless one says otherwise.
        always: whether it runs even where other rules are selected.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity] = "error"
    always: ClassVar[bool] = False

    @abstractmethod
    def check(self, house: House) -> Iterator[Finding]:
        """Everything that does not agree."""

    def finding(self, message: str, where: Where, *, hint: str | None = None, subject: str = "") -> Finding:
        """A finding of this rule."""
        return Finding(self.code, self.name, self.severity, message, where, hint, subject)

    @classmethod
    def explanation(cls) -> str:
        """Its documentation."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def summary(cls) -> str:
        """What holds, in one line."""
        return cls.explanation().partition("\n")[0]
