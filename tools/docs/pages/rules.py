"""Every lint rule, in the words of its docstring."""

from __future__ import annotations

import re

from civgen.lint.registry import all_rules
from civgen.lint.rule import Rule
from tools.docs.markdown import document, table

_EXAMPLE = re.compile(r"^(Bad|Good):\n\n((?: {4}.*\n?|\n)+)", re.MULTILINE)


def pages() -> dict[str, str]:
    """One page."""
    rules = list(all_rules().values())
    rows = [
        (f"[{one.code}](#{one.code.lower()}-{one.name})", one.name, one.severity, one.summary())
        for one in rules
    ]
    text = document(
        "# Lint rules",
        "`civgen lint` runs them, `civgen lint --explain CODE` prints one. Some look only at files; those "
        "marked *engines* run engines, and under `--no-exec` see civgen's own only.",
        table(("code", "name", "severity", "what holds"), rows),
        *(part for one in rules for part in _rule(one)),
    )
    return {"docs/reference/rules.md": text}


def _rule(rule: type[Rule]) -> tuple[str, ...]:
    needs = " · engines" if rule.needs == "engines" else ""
    text = _EXAMPLE.sub(_fenced, rule.explanation() + "\n")
    return f"## {rule.code} {rule.name}", f"*{rule.severity}{needs}*", text


def _fenced(example: re.Match[str]) -> str:
    lines = re.sub(r"^ {4}", "", example[2], flags=re.MULTILINE).strip("\n")
    language = "python" if re.search(r"^# \S+\.py$", lines, re.MULTILINE) else "toml"
    return f"{example[1]}:\n\n```{language}\n{lines}\n```\n\n"
