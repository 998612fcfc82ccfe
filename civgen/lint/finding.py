"""What a rule says: one thing that does not agree, where it stands, and what would be right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from civgen.errors import Where
from civgen.lint.edits import Fix

Severity = Literal["error", "warning", "notice"]
#: How sure a rule is: it follows from the files; it nearly always means a fault; it may be on purpose.
Sure = Literal["certain", "likely", "guess"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not agree.

    Attributes:
        code, name: of the rule.
        right: what would be right, in a sentence: `Did you mean apache-2.0?`
        subject: what it is about, for instance `ecosystem SDXL`; several are joined with a comma.
        sure: how sure it is.
        fix: the edits that would put it right, if these are safe.
        fingerprint: stays the same while the finding moves to another line; given by the runner.
    """

    code: str
    name: str
    severity: Severity
    message: str
    where: Where
    right: str | None = None
    subject: str = ""
    sure: Sure = "certain"
    fix: Fix | None = None
    fingerprint: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Findings are shown by file, place and code."""
        where = self.where
        return (
            where.file or "",
            where.line or 0,
            where.column or 0,
            self.code,
            self.message,
            where.field or "",
        )

    @property
    def place(self) -> str:
        """`file:line:column`, as far as it is known."""
        parts = (self.where.file, self.where.line, self.where.column)
        return ":".join(str(part) for part in parts if part is not None)

    def as_json(self) -> dict[str, Any]:
        """The entry of a report's `findings`."""
        where = self.where
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "file": where.file,
            "line": where.line,
            "column": where.column,
            "message": self.message,
            "right": self.right,
            "sure": self.sure,
            "subject": self.subject,
            "where": asdict(where),
            "fix": self.fix.as_json() if self.fix else None,
            "fingerprint": self.fingerprint,
        }
