"""What a rule says: one thing that does not agree, where it stands, and what would be right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from civgen.errors import Where

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not agree.

    Attributes:
        code, name: of the rule.
        subject: what it is about, for instance `ecosystem SDXL`; several are joined with a comma.
    """

    code: str
    name: str
    severity: Severity
    message: str
    where: Where
    hint: str | None = None
    subject: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Findings are shown by file, place and code."""
        return (self.where.file or "", self.where.line or 0, self.where.column or 0, self.code, self.message)

    def as_json(self) -> dict[str, Any]:
        """The entry of a report's `findings`."""
        return asdict(self)
