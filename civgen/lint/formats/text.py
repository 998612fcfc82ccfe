"""For people: findings by file, and a line that sums up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from civgen.lint.finding import Finding, Severity
from civgen.lint.report import Report

#: A piece of a line, and the style in which a terminal shows it.
Piece = tuple[str, str]

_COLOURS: dict[Severity, str] = {"error": "bold red", "warning": "bold yellow", "notice": "bold blue"}
_HOW_SURE = {"certain": "", "likely": " (likely)", "guess": " (a guess)"}


def render(report: Report) -> str:
    """The lines without their styles."""
    return "".join("".join(text for text, _ in line) + "\n" for line in lines(report))


def lines(report: Report) -> Iterator[list[Piece]]:
    """Every line, in pieces."""
    for _, findings in groupby(report.findings, key=lambda finding: finding.where.file):
        for finding in findings:
            yield from _of_finding(finding)
        yield []
    for skipped in report.skipped:
        yield [(skipped.text, "yellow")]
    yield [(f"{report.tally[:1].upper()}{report.tally[1:]} ({report.work})", "")]


def _of_finding(finding: Finding) -> Iterator[list[Piece]]:
    yield [
        (finding.place, "bold"),
        (" ", ""),
        (finding.severity, _COLOURS[finding.severity]),
        (f" {finding.code} {finding.name} {_one_line(finding.message)}{_HOW_SURE[finding.sure]}", ""),
        (f" [{finding.subject}]" if finding.subject else "", "dim"),
    ]
    if finding.right:
        fixable = " --fix does it." if finding.fix else ""
        yield [(f"    {_one_line(finding.right)}{fixable}", "cyan")]


def _one_line(text: str) -> str:
    """What would move a terminal's cursor is shown as it would be written."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
