"""SARIF 2.1.0, the OASIS standard for results of static analysis, which code scanning services read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from civgen.lint.finding import Finding, Severity
from civgen.lint.report import Report, Skipped

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "notice": "note"}


def render(report: Report) -> str:
    """One run with the rules, the findings, and what was left unchecked as notifications."""
    run = {
        "tool": {"driver": _driver(report)},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": list(map(_skipped, report.skipped))}
        ],
        "results": [_result(finding, report.rules) for finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _driver(report: Report) -> dict[str, Any]:
    from civgen import __version__
    from civgen.lint.registry import all_rules

    known = all_rules()
    rules = [
        {
            "id": code,
            "name": "".join(word.capitalize() for word in known[code].name.split("-")),
            "shortDescription": {"text": known[code].summary()},
            "fullDescription": {"text": known[code].explanation()},
            "defaultConfiguration": {"level": _LEVELS[known[code].severity]},
        }
        for code in report.rules
    ]
    return {"name": "civgen", "version": __version__, "rules": rules}


def _result(finding: Finding, rules: tuple[str, ...]) -> dict[str, Any]:
    right = f" {finding.right}" if finding.right else ""
    where = finding.where
    region = {"startLine": where.line, "startColumn": where.column} if where.line and where.column else {}
    region = region or ({"startLine": where.line} if where.line else {})
    place = {"artifactLocation": {"uri": _uri(where.file or ".")}} | ({"region": region} if region else {})
    return {
        "ruleId": finding.code,
        "ruleIndex": rules.index(finding.code) if finding.code in rules else -1,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message + right},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"civgenLint/v1": finding.fingerprint},
        "properties": {"sure": finding.sure, "subject": finding.subject},
    }


def _skipped(skipped: Skipped) -> dict[str, Any]:
    locations = [{"physicalLocation": {"artifactLocation": {"uri": _uri(file)}}} for file in skipped.files]
    return {"level": "note", "message": {"text": skipped.text}, "locations": locations}


def _uri(file: str) -> str:
    """A path as a relative reference, or as a `file:` URI when it lies elsewhere."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
