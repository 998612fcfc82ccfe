"""Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from civgen.lint.finding import Finding
from civgen.lint.runner import Report


def as_annotations(report: Report) -> str:
    """One line a finding; nothing when there are none."""
    return "".join(f"{_line(finding)}\n" for finding in report.findings)


def _line(finding: Finding) -> str:
    where = finding.where
    place = {"file": where.file, "line": where.line, "col": where.column}
    properties = {name: value for name, value in place.items() if value is not None}
    properties["title"] = f"{finding.code} {finding.name}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    text = finding.message + (f"\n{finding.hint}" if finding.hint else "")
    return f"::{finding.severity} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
