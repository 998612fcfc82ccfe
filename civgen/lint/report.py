"""What a run of lint came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args

from civgen.lint.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was left unchecked, and why.

    Attributes:
        rules: codes of the rules that did not see it.
        files: what they did not see.
    """

    why: str
    rules: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        return f"Not checked, because {self.why}: {', '.join(self.files)} by {', '.join(self.rules)}."

    def as_json(self) -> dict[str, Any]:
        """The entry of a report's `skipped`."""
        return {"why": self.why, "rules": list(self.rules), "files": list(self.files)}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        findings: by file, line and code.
        rules: codes of the rules that were run.
        files: how many files were read.
        seconds: how long it took.
        skipped: what was left unchecked.
        ignored: how many findings a comment in a file keeps quiet.
        known: how many the baseline does.
    """

    findings: tuple[Finding, ...]
    rules: tuple[str, ...]
    files: int
    seconds: float
    skipped: tuple[Skipped, ...] = ()
    ignored: int = 0
    known: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity, all of them named."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in get_args(Severity)}

    @property
    def tally(self) -> str:
        """The counts in words: `2 errors, 1 notice`."""
        said = [f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in self.counts.items() if n]
        return ", ".join(said) or "no findings"

    @property
    def work(self) -> str:
        """What was done, in words: `16 rules, 277 files, 0.87 s`, and what was kept quiet."""
        quiet = {"ignored by comments": self.ignored, "in the baseline": self.known}
        said = [f"{number} {words}" for words, number in quiet.items() if number]
        return ", ".join([f"{len(self.rules)} rules", f"{self.files} files", f"{self.seconds:.2f} s", *said])

    @property
    def statistics(self) -> list[dict[str, Any]]:
        """Findings by rule, the most frequent first, with how many of them can be fixed."""
        by_code: dict[str, list[Finding]] = {}
        for finding in self.findings:
            by_code.setdefault(finding.code, []).append(finding)
        rows = [
            {
                "code": code,
                "name": found[0].name,
                "findings": len(found),
                "files": len({finding.where.file for finding in found}),
                "fixable": sum(finding.fix is not None for finding in found),
            }
            for code, found in by_code.items()
        ]
        return sorted(rows, key=lambda row: (-int(row["findings"]), row["code"]))

    def as_json(self) -> dict[str, Any]:
        """The document of `civgen lint --json`."""
        return {
            "findings": [finding.as_json() for finding in self.findings],
            "counts": self.counts,
            "statistics": self.statistics,
            "rules": list(self.rules),
            "files": self.files,
            "seconds": round(self.seconds, 3),
            "skipped": [one.as_json() for one in self.skipped],
            "ignored": self.ignored,
            "known": self.known,
        }
