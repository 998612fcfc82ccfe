"""JSON Lines: one a finding, one for what was left unchecked, and a summary at the end."""

from __future__ import annotations

import json
from typing import Any

from civgen.lint.report import Report


def render(report: Report) -> str:
    """Each line says its `kind`: finding, skipped or summary."""
    rest = {name: value for name, value in report.as_json().items() if name not in ("findings", "skipped")}
    lines = [
        *({"kind": "finding", **finding.as_json()} for finding in report.findings),
        *({"kind": "skipped", **skipped.as_json()} for skipped in report.skipped),
        {"kind": "summary", **rest},
    ]
    return "".join(_line(line) for line in lines)


def _line(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
