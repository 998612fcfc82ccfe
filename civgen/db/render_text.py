"""A plan for a comment or a page: Markdown and HTML, every row of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from civgen.db.plan import Plan
from civgen.db.render_table import cells, sign

_TEMPLATE = Path(__file__).with_name("templates") / "plan.html.j2"


def as_markdown(plan: Plan) -> str:
    """Headings and pipe tables."""
    parts = [f"**{_summary(plan)}**", ""]
    for name, columns, rows in _tables(plan):
        head = ["", *columns, "because of"]
        parts += [f"### {name}", "", _line(head), f"|{' --- |' * len(head)}"]
        parts += [*(_line(row) for row in rows), ""]
    if plan.blocked:
        parts += ["### Cannot be written", ""]
        parts += [f"- {_safe(row.table)} {_safe(_key(row))}: {_safe(row.why)}" for row in plan.blocked] + [""]
    return "\n".join(parts)


def as_html(plan: Plan) -> str:
    """A page that stands alone."""
    from jinja2 import Environment

    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = page.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    blocked = [(row.table, _key(row), row.why) for row in plan.blocked]
    return template.render(
        summary=_summary(plan), tables=list(_tables(plan)), blocked=blocked, fingerprint=plan.fingerprint
    )


def _tables(plan: Plan) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Each table with its columns and rows: the sign, a cell a column, the reason."""

    def by_table(change: Any) -> str:
        return str(change.table)

    for name, group in groupby(sorted(plan.changes, key=by_table), key=by_table):
        said = [(change, cells(change)) for change in group]
        columns = list(dict.fromkeys(column for _, row in said for column in row))
        rows = [
            [sign(change), *(row.get(column, "") for column in columns), change.reason]
            for change, row in said
        ]
        yield name, columns, rows


def _summary(plan: Plan) -> str:
    return ", ".join(f"{number} to {action}" for action, number in plan.counts.items()) or "Nothing to change"


def _key(row: Any) -> str:
    return ", ".join(map(str, row.key.values()))


def _line(row: list[str]) -> str:
    return f"| {' | '.join(map(_safe, row))} |"


def _safe(text: str) -> str:
    """Text in a cell: nothing in it is markup, and it stays on one line."""
    escaped = re.sub(r"([\\`*_<>\[\]|~&])", r"\\\1", text)
    return " ".join(escaped.split())
