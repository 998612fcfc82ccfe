"""What the rules found, told from what comments and the baseline keep quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from civgen.lint.baseline import Baseline, Known
from civgen.lint.comments import Ignore
from civgen.lint.finding import Finding


@dataclass(frozen=True)
class Judged:
    """All findings of a run, and what keeps some of them quiet.

    Attributes:
        findings: all that the rules found, those that are kept quiet included.
        ignores: the comments of all files.
        baseline: the findings that are known.
        ran: codes of the rules that saw everything they have to see.
    """

    findings: Sequence[Finding]
    ignores: Sequence[Ignore]
    baseline: Baseline
    ran: frozenset[str]

    @cached_property
    def ignored(self) -> dict[int, Ignore]:
        """The comment that keeps a finding quiet, by the finding's number."""
        by_file: dict[str, list[Ignore]] = {}
        for one in self.ignores:
            by_file.setdefault(one.file, []).append(one)
        found: dict[int, Ignore] = {}
        for number, finding in enumerate(self.findings):
            for one in by_file.get(finding.where.file or "", ()):
                if one.quiets(finding):
                    found.setdefault(number, one)
        return found

    @cached_property
    def loud(self) -> list[Finding]:
        """What no comment keeps quiet."""
        return [finding for number, finding in enumerate(self.findings) if number not in self.ignored]

    def needless(self, ignore: Ignore) -> list[str]:
        """The codes of a comment that keep nothing quiet, though their rules ran."""
        quieted = {finding.code for finding in self.findings if ignore.quiets(finding)}
        return [code for code in ignore.codes if code in self.ran and code not in quieted]

    @property
    def gone(self) -> list[Known]:
        """The entries of the baseline that are found no longer, though their rules ran."""
        found = {finding.fingerprint for finding in self.loud}
        return [one for one in self.baseline.entries if one.code in self.ran and one.fingerprint not in found]
