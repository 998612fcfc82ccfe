"""What an ecosystem must have for each grade, in the words of the criteria."""

from __future__ import annotations

from civgen.lint.grade import LEVELS, criteria
from tools.docs.markdown import document, table


def pages() -> dict[str, str]:
    """One page."""
    rows = [
        (module.LEVEL, name, " ".join((module.__doc__ or "").split())) for name, module in criteria().items()
    ]
    text = document(
        "# Grades",
        f"`civgen grade ECOSYSTEM` says how far an ecosystem has come: {', '.join(LEVELS)}. A grade is "
        "reached when every criterion of it, and of those below, holds.",
        table(("grade", "criterion", "asks"), rows),
    )
    return {"docs/reference/grades.md": text}
