"""From files to a report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from civgen.errors import Where, display_path
from civgen.lint.baseline import NOTHING_KNOWN, Baseline
from civgen.lint.finding import Finding
from civgen.lint.fingerprints import with_fingerprints
from civgen.lint.house import House
from civgen.lint.judged import Judged
from civgen.lint.kept import Kept
from civgen.lint.registry import choose
from civgen.lint.report import Report, Skipped
from civgen.lint.sources import Sources, Stdin, sources_of

if TYPE_CHECKING:
    from civgen.lint.rule import Rule
    from civgen.workspace import Workspace

_UNTRUSTED = "no code of the workspace is run"
_NOT_OURS = "it is no file of the catalogue, and no engine"


@dataclass(frozen=True, slots=True)
class Options:
    """How to lint.

    Attributes:
        select: codes of the rules to run, or beginnings of codes; none means all.
        ignore: codes not to run.
        execute: whether the workspace's own engines may be run.
        baseline: findings that are known, and left out.
        keep: whether findings are kept from run to run, see `civgen.lint.kept`.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    execute: bool = True
    baseline: Baseline = NOTHING_KNOWN
    keep: bool = False


def lint(
    workspace: Workspace,
    options: Options | None = None,
    *,
    paths: Sequence[Path] = (),
    stdin: Stdin | None = None,
) -> Report:
    """Run the rules over the built-in catalogue and a workspace.

    Args:
        paths: files and folders whose findings are wanted; none means all. Those that lie outside of the
            workspace are read as if they lay in it.
        stdin: a file that came in, in place of the one on disk.

    Raises:
        InvalidInput: a code names no rule, or there is nothing to lint in a path.
        NotFound: a path does not exist.
    """
    with tempfile.TemporaryDirectory(prefix="civgen-lint-") as folder:
        return lint_sources(sources_of(workspace, paths, stdin, Path(folder)), options or Options())


def lint_sources(sources: Sources, options: Options) -> Report:
    """Run the rules over what has been sorted out already."""
    started = time.perf_counter()
    rules = [rule() for rule in choose(options.select, options.ignore)]
    house = House(sources, execute=options.execute)
    judged, after = _judge(house, rules, options)
    wanted = [finding for finding in judged.loud if sources.wants(finding.where.file)]
    shown = [finding for finding in wanted if finding.fingerprint not in options.baseline.fingerprints]
    # What is said of the baseline concerns everybody.
    said = [one for one in after if sources.wants(one.where.file) or one.where.file == options.baseline.file]
    report = Report(
        findings=tuple(sorted([*shown, *said], key=lambda finding: finding.order)),
        rules=tuple(rule.code for rule in rules),
        files=len(house.files),
        seconds=time.perf_counter() - started,
        skipped=tuple(_skipped(house, rules)),
        ignored=len(judged.findings) - len(judged.loud),
        known=len(wanted) - len(shown),
    )
    return _as_called(report, sources)


def _judge(house: House, rules: Sequence[Rule], options: Options) -> tuple[Judged, list[Finding]]:
    """What the rules found, and what they say of that."""
    root = house.workspace.root
    found = _once(_findings(house, rules, options))
    marked = tuple(with_fingerprints(sorted(found, key=lambda finding: finding.order), root))
    partly = {rule.code for rule in rules if house.unseen and rule.needs == "engines"}
    ran = frozenset(rule.code for rule in rules) - partly
    judged = Judged(marked, house.ignores, options.baseline, ran)
    after = [finding for rule in rules for finding in rule.check_after(house, judged)]
    return judged, list(with_fingerprints(after, root))


def _findings(house: House, rules: Sequence[Rule], options: Options) -> Iterator[Finding]:
    # Nothing that an untrusted workspace brings along is believed, so neither are findings kept there.
    with Kept.open(house, keep=options.keep and options.execute) as kept:
        for rule in rules:
            yield from rule.check(house)
        for maker in house.makers:
            yield from kept.findings(maker, rules)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once: what ecosystems inherit is said at one place, about all of them."""
    found: dict[tuple[str, Where, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.code, finding.where, finding.message), []).append(finding)
    return [
        replace(same[0], subject=", ".join(dict.fromkeys(one.subject for one in same if one.subject)))
        for same in found.values()
    ]


def _skipped(house: House, rules: Sequence[Rule]) -> Iterator[Skipped]:
    codes = tuple(rule.code for rule in rules)
    blind = tuple(rule.code for rule in rules if rule.needs == "engines")
    unseen = [file for file in house.unseen if house.sources.wants(file)]
    if blind and unseen:
        yield Skipped(_UNTRUSTED, blind, tuple(unseen))
    files = [path for path in house.sources.wanted if path.is_file() and path not in house.files]
    if files:
        yield Skipped(_NOT_OURS, codes, tuple(map(display_path, files)))


def _as_called(report: Report, sources: Sources) -> Report:
    """The report with files called as they are to be shown."""
    if not sources.shown:
        return report
    findings = [_renamed(finding, sources) for finding in report.findings]
    skipped = [
        replace(one, files=tuple(sources.shown.get(file, file) for file in one.files))
        for one in report.skipped
    ]
    return replace(report, findings=tuple(findings), skipped=tuple(skipped))


def _renamed(finding: Finding, sources: Sources) -> Finding:
    message, right, file = finding.message, finding.right, finding.where.file
    for name, shown in sources.shown.items():
        message, right = message.replace(name, shown), right and right.replace(name, shown)
        file = shown if file == name else file
    return replace(finding, message=message, right=right, where=replace(finding.where, file=file), fix=None)
