"""What a rule is."""

from __future__ import annotations

import inspect
from abc import ABC
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from civgen.errors import Where
from civgen.lint.edits import Fix
from civgen.lint.finding import Finding, Severity, Sure

if TYPE_CHECKING:
    from civgen.lint.house import House
    from civgen.lint.judged import Judged
    from civgen.lint.makers import Maker

#: What a rule looks at: files alone, or engines too, for which their modules must be run.
Needs = Literal["files", "engines"]


class Rule(ABC):
    """Base of all rules; a rule is a module of `civgen.lint.rules` with one subclass.

    Its docstring is its documentation: a line that says what holds, a paragraph `Why:`, and the
    examples `Bad:` and `Good:`, indented by four. An example is one or more files of a workspace, each
    below a comment with its path (`# ecosystems/Chroma.toml`); they are run as tests.

    It overrides one or more of `check`, `check_maker` and `check_after`.

    Attributes:
        code: `CIV` and three digits, the first of which is the group.
        name: the code in words.
        severity: of its findings, unless one says otherwise.
        sure: how sure it is of them, likewise.
        always: whether it runs even where other rules are selected.
        on_request: whether it runs only where it is selected by its whole code.
        needs: `engines` when it asks for `House.makers`, or for the engine of a `Module`: under `--no-exec`
            it then sees only civgen's own, and the report says what it has not seen.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity] = "error"
    sure: ClassVar[Sure] = "certain"
    always: ClassVar[bool] = False
    on_request: ClassVar[bool] = False
    needs: ClassVar[Needs] = "files"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: ARG002
        """Everything that does not agree, over the whole catalogue. Runs each time, so it must be quick."""
        return iter(())

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: ARG002
        """What does not agree in one engine at work.

        Its findings are kept from run to run until something changes that was asked of the catalogue
        meanwhile, so this is where work belongs that walks forms. It may look at `maker`, and ask
        `house.catalog`; what it has from elsewhere is not seen.
        """
        return iter(())

    def check_after(self, house: House, judged: Judged) -> Iterator[Finding]:  # noqa: ARG002
        """What can be said only when the other rules have spoken."""
        return iter(())

    def finding(
        self,
        message: str,
        where: Where,
        *,
        right: str | None = None,
        subject: str = "",
        severity: Severity | None = None,
        sure: Sure | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule.

        Args:
            right: what would be right: `Did you mean …?`, or a sentence that says what to do.
            subject: what it is about: `ecosystem SDXL`.
            fix: see `civgen.lint.edits`.
        """
        return Finding(
            self.code,
            self.name,
            severity or self.severity,
            message,
            where,
            right,
            subject,
            sure or self.sure,
            fix,
        )

    @classmethod
    def explanation(cls) -> str:
        """Its documentation."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def summary(cls) -> str:
        """What holds, in one line."""
        return cls.explanation().partition("\n")[0]
