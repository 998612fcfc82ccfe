"""What another contract means for the forms there are: which steps it breaks, and what it newly allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.payloads import Violation
from civgen.lint.sources import Sources
from civgen.orchestrator.contract.contract import Contract
from civgen.orchestrator.contract.diff import Difference, diff
from civgen.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Broken:
    """A step that one contract takes and the other refuses.

    Attributes:
        subject: the ecosystem, or the workflow key of a tool.
        offered: the values of `field` that lead to it; all of them do where `field` is None.
    """

    subject: str
    engine: str
    path: str
    message: str
    field: str | None
    offered: Sequence[Any]
    workflows: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """`{"subject", "engine", "path", "message", "field", "offered", "workflows"}`."""
        return {**asdict(self), "offered": list(self.offered), "workflows": list(self.workflows)}


@dataclass(frozen=True)
class ContractDiff:
    """All that differs between two contracts, and what it does to the forms.

    Attributes:
        breaks: what only the newer contract refuses.
        mends: what only the older one does.
        overlay: what civgen lays over both, in words.
    """

    differences: Sequence[Difference]
    breaks: Sequence[Broken]
    mends: Sequence[Broken]
    overlay: Sequence[str]

    @property
    def allows(self) -> list[Difference]:
        """What the newer contract takes besides."""
        return [one for one in self.differences if one.how in ("appeared", "wider")]

    def as_json(self) -> dict[str, Any]:
        """`{"differences", "breaks", "mends", "overlay"}`."""
        return {
            "differences": [one.as_json() for one in self.differences],
            "breaks": [one.as_json() for one in self.breaks],
            "mends": [one.as_json() for one in self.mends],
            "overlay": list(self.overlay),
        }


def contract_diff(old: Contract, new: Contract, workspace: Workspace) -> ContractDiff:
    """Compare two contracts, and try every value of every form against both.

    Where the two say the same, no form is tried.
    """
    differences = list(diff(old, new))
    before, after = (_refused(old, workspace), _refused(new, workspace)) if differences else ({}, {})
    return ContractDiff(
        differences,
        [one for key, one in after.items() if key not in before],
        [one for key, one in before.items() if key not in after],
        sorted({f"{change.target}: {change.reason}" for change in (*old.changes, *new.changes)}),
    )


def _refused(contract: Contract, workspace: Workspace) -> dict[tuple[Any, ...], Broken]:
    house = House(Sources(workspace), load=lambda: contract)
    found = (_broken(maker, one) for maker in house.makers for one in house.violations(maker))
    return {(one.subject, one.engine, one.path, one.message, one.field): one for one in found}


def _broken(maker: Maker, one: Violation) -> Broken:
    return Broken(
        maker.entry.record.key,
        maker.engine.key,
        one.path,
        one.problem.message,
        one.visit.field.key if one.visit else None,
        tuple(one.offered),
        tuple(one.workflows),
    )


def as_markdown(found: ContractDiff) -> Iterator[str]:
    """The report as lines of Markdown, for a pull request."""
    yield f"## Contract: {len(found.differences)} differences, {len(found.breaks)} break something"
    yield from _table(
        "What breaks", ("ecosystem", "engine", "place", "why", "field"), map(_row, found.breaks)
    )
    rows = ((one.leaf, one.field, one.what, one.how, one.before, one.after) for one in found.differences)
    yield from _table("What differs", ("leaf", "field", "what", "how", "before", "after"), rows)


def _row(one: Broken) -> tuple[Any, ...]:
    return one.subject, one.engine, one.path, one.message, one.field


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    lines = [
        " | ".join("" if cell is None else str(cell).replace("|", "\\|") for cell in row) for row in rows
    ]
    if lines:
        yield from ("", f"### {title}", "", f"| {' | '.join(columns)} |", "|" + "---|" * len(columns))
        yield from (f"| {line} |" for line in lines)


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|")
