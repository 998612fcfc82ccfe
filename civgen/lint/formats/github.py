"""Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from civgen.lint.finding import Finding
from civgen.lint.report import Report, Skipped


def render(report: Report) -> str:
    """One line a finding; nothing when there are none, and nothing was left unchecked."""
    lines = [*map(_line, report.findings), *map(_skipped, report.skipped)]
    return "".join(f"{line}\n" for line in lines)


def _line(finding: Finding) -> str:
    where = finding.where
    place = {"file": where.file, "line": where.line, "col": where.column}
    properties = {name: str(value) for name, value in place.items() if value is not None}
    properties["title"] = f"{finding.code} {finding.name}"
    text = finding.message + (f"\n{finding.right}" if finding.right else "")
    return _command(finding.severity, properties, text)


def _skipped(skipped: Skipped) -> str:
    return _command("notice", {"title": "civgen lint: not checked"}, skipped.text)


def _command(level: str, properties: dict[str, str], text: str) -> str:
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
