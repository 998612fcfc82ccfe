"""The findings for a person: a line each, what mends it below, and the verdict last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civgen.cli.output import console
from civgen.errors import Where

if TYPE_CHECKING:
    from civgen.results.doctor import Checkup, DoctorFinding, Health

_STYLES: dict[Health, str] = {"ok": "green", "note": "yellow", "broken": "bold red"}


def draw(found: Checkup) -> None:
    """Print what was found."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    before = None
    for one in found["findings"]:
        subject = "" if one["check"] == before else one["check"]
        before = one["check"]
        text = Text(one["what"])
        for line, style in _more(one):
            text.append(f"\n{line}", style)
        grid.add_row(Text(one["state"], _STYLES[one["state"]]), Text(subject, "bold"), text)
    out = console()
    out.print(grid)
    out.print(Text(f"\n{verdict(found)}", _STYLES[found["verdict"]]))


def verdict(found: Checkup) -> str:
    """How it is, in one line."""
    notes = sum(one["state"] == "note" for one in found["findings"])
    wrong = [one for one in found["findings"] if one["state"] == "broken"]
    said = f" ({notes} note{'' if notes == 1 else 's'})" if notes else ""
    if not wrong:
        return f"Everything works{said}."
    first = next((one["do"] for one in wrong if one["do"]), None)
    return f"{len(wrong)} broken{said}{f'; begin with: {first}' if first else '.'}"


def _more(one: DoctorFinding) -> list[tuple[str, str]]:
    """What stands below a finding: where it is, what mends it."""
    where = Where(**one["where"]) if one["where"] else None
    lines = [(f"at {where}", "dim")] if where else []
    if one["hint"] and not (one["do"] and f"`{one['do']}`" in one["hint"]):
        lines.append((one["hint"], "dim"))
    return [*lines, (f"→ {one['do']}", "cyan")] if one["do"] else lines
