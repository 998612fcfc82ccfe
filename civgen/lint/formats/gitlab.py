"""A GitLab code quality report: the findings that a merge request adds are told by their fingerprints."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from civgen.lint.finding import Finding, Severity
from civgen.lint.report import Report, Skipped

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "notice": "info"}


def render(report: Report) -> str:
    """A list with an entry a finding, and one a file that was left unchecked."""
    skipped = [entry for one in report.skipped for entry in _skipped(one)]
    return json.dumps([*map(_entry, report.findings), *skipped], indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding) -> dict[str, Any]:
    where = finding.where
    line, column = where.line or 1, where.column or 1
    right = f" {finding.right}" if finding.right else ""
    return {
        "description": f"{finding.code} {finding.message}{right}",
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": where.file or "civgen.toml",
            "lines": {"begin": line},
            "positions": {"begin": {"line": line, "column": column}},
        },
    }


def _skipped(skipped: Skipped) -> list[dict[str, Any]]:
    return [
        {
            "description": f"Not checked by {', '.join(skipped.rules)}, because {skipped.why}.",
            "check_name": "skipped",
            "fingerprint": hashlib.sha256(f"skipped {skipped.why} {file}".encode()).hexdigest()[:32],
            "severity": "info",
            "location": {"path": file, "lines": {"begin": 1}},
        }
        for file in skipped.files
    ]
