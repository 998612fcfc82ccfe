"""Markdown, for the summary of a CI job or a comment: a table of findings."""

from __future__ import annotations

import re

from civgen.lint.finding import Finding
from civgen.lint.report import Report

#: What has a meaning in a table's cell, or anywhere in Markdown.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~$])")


def render(report: Report) -> str:
    """A heading with the tally, the table, and what was left unchecked."""
    rows = [
        "| where | severity | code | what is wrong | what would be right |",
        "|---|---|---|---|---|",
        *map(_row, report.findings),
    ]
    said = [
        f"### civgen lint: {report.tally}",
        *(["\n".join(rows)] if report.findings else []),
        *(f"> {_plain(skipped.text)}" for skipped in report.skipped),
        f"{report.work}",
    ]
    return "\n\n".join(said) + "\n"


def _row(finding: Finding) -> str:
    rule = f"{finding.code} {finding.name}"
    right = (finding.right or "") + ("" if finding.sure == "certain" else f" ({finding.sure})")
    cells = (finding.place, finding.severity, rule, finding.message, right)
    return "| " + " | ".join(map(_plain, cells)) + " |"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text)).replace("@", "&#64;")
