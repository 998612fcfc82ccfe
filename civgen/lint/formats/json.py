"""One JSON document: the report."""

from __future__ import annotations

import json

from civgen.lint.report import Report


def render(report: Report) -> str:
    """The document of `civgen lint --json`."""
    return json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n"
