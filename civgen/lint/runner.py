"""From files to a report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from civgen.errors import NotFound, Where, display_path
from civgen.lint.finding import Finding, Severity
from civgen.lint.house import House
from civgen.lint.registry import choose

if TYPE_CHECKING:
    from civgen.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        findings: by file, line and code.
        rules: codes of the rules that were run.
        files: how many files were read.
        seconds: how long it took.
    """

    findings: tuple[Finding, ...]
    rules: tuple[str, ...]
    files: int
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity, all of them named."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in get_args(Severity)}

    def as_json(self) -> dict[str, Any]:
        """The document of `civgen lint --json`."""
        return {
            "findings": [finding.as_json() for finding in self.findings],
            "counts": self.counts,
            "rules": list(self.rules),
            "files": self.files,
            "seconds": round(self.seconds, 3),
        }


def lint(
    workspace: Workspace,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    paths: Sequence[Path] = (),
) -> Report:
    """Run the rules over the built-in catalogue and a workspace.

    Args:
        select: codes of the rules to run, or beginnings of codes; none means all.
        ignore: codes not to run.
        paths: files and folders whose findings are wanted; none means all.

    Raises:
        InvalidInput: a code names no rule.
        NotFound: a path does not exist.
    """
    started = time.perf_counter()
    rules = choose(select, ignore)
    wanted = _existing(paths)
    house = House(workspace)
    found = _once(finding for rule in rules for finding in rule().check(house))
    kept = [finding for finding in found if not wanted or _lies_below(finding.where, wanted)]
    return Report(
        findings=tuple(sorted(kept, key=lambda finding: finding.order)),
        rules=tuple(rule.code for rule in rules),
        files=len(house.files),
        seconds=time.perf_counter() - started,
    )


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once: what ecosystems inherit is said at one place, about all of them."""
    found: dict[tuple[str, Where, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.code, finding.where, finding.message), []).append(finding)
    return [
        replace(same[0], subject=", ".join(dict.fromkeys(one.subject for one in same if one.subject)))
        for same in found.values()
    ]


def _existing(paths: Sequence[Path]) -> list[Path]:
    for path in paths:
        if not path.exists():
            raise NotFound(
                f"{display_path(path)} does not exist.", hint="Name files or folders of the workspace."
            )
    return [path.resolve() for path in paths]


def _lies_below(where: Where, wanted: Sequence[Path]) -> bool:
    file = Path(where.file or "").resolve()
    return any(file.is_relative_to(path) for path in wanted)
