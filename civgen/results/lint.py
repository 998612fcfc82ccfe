"""What `civgen lint` and `civgen grade` answer."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from civgen.results.error import Place
from civgen.results.following import Following


class Edit(TypedDict):
    """A change of one key in one file.

    Attributes:
        file: Which.
        path: The key in the file's own data.
        do: rename, set or remove.
        to: The name or the value.
    """

    file: str
    path: list[Any]
    do: str
    to: Any


class Fix(TypedDict):
    """Edits that belong together.

    Attributes:
        what: They do, in a few words.
        edits: One after the other.
    """

    what: str
    edits: list[Edit]


class Finding(TypedDict):
    """Something that does not agree.

    Attributes:
        code: Of the rule.
        name: Of the rule.
        severity: error, warning or notice.
        file: Where; null when it is no file's.
        line: From 1.
        column: From 1.
        message: What does not agree.
        right: What would be right.
        sure: How sure that is: certain, or likely.
        subject: What it is about.
        where: The place again, with the field.
        fix: What --fix would change.
        fingerprint: The same as long as the finding is.
    """

    code: str
    name: str
    severity: str
    file: str | None
    line: int | None
    column: int | None
    message: str
    right: str | None
    sure: str
    subject: str
    where: Place
    fix: Fix | None
    fingerprint: str


class RuleCount(TypedDict):
    """The findings of one rule.

    Attributes:
        code: Of the rule.
        name: Of the rule.
        findings: How many.
        files: In how many files.
        fixable: How many --fix can mend.
    """

    code: str
    name: str
    findings: int
    files: int
    fixable: int


class Skipped(TypedDict):
    """What was left unchecked.

    Attributes:
        why: In words.
        rules: Codes.
        files: Which.
    """

    why: str
    rules: list[str]
    files: list[str]


class Report(Following):
    """What was found; `fixed`, `diff` and `written` are there under --fix.

    Attributes:
        findings: By file, line and code.
        counts: Findings by severity.
        statistics: Findings by rule, the most frequent first.
        rules: Codes of the rules that were run.
        files: How many were read.
        seconds: That it took.
        skipped: What was left unchecked.
        ignored: How many findings a comment in a file keeps quiet.
        known: How many the baseline does.
        fixed: Findings that fixes mend.
        diff: What the fixes change.
        written: Whether they were.
    """

    findings: list[Finding]
    counts: dict[str, int]
    statistics: list[RuleCount]
    rules: list[str]
    files: int
    seconds: float
    skipped: list[Skipped]
    ignored: int
    known: int
    fixed: NotRequired[list[Finding]]
    diff: NotRequired[str]
    written: NotRequired[bool]


class RuleExplained(TypedDict):
    """A rule, under --explain.

    Attributes:
        code: Of the rule.
        name: Of the rule.
        severity: Of its findings.
        explanation: Why there is such a rule, with an example of what is wrong and what is right.
    """

    code: str
    name: str
    severity: str
    explanation: str


class Rule(TypedDict):
    """A rule, under --list-rules.

    Attributes:
        code: Of the rule.
        name: Of the rule.
        severity: Of its findings.
        summary: What holds.
    """

    code: str
    name: str
    severity: str
    summary: str


class Baseline(TypedDict):
    """A baseline that was written.

    Attributes:
        file: Which.
        findings: How many it lists.
        counts: The same by severity.
    """

    file: str
    findings: int
    counts: dict[str, int]


class Lack(TypedDict):
    """Something that an ecosystem lacks.

    Attributes:
        what: In words.
        mend: The command that mends it, or shows how.
    """

    what: str
    mend: str


class Criterion(TypedDict):
    """Something that an ecosystem of a grade has.

    Attributes:
        criterion: Its name.
        level: The grade.
        asks: What must be so.
        holds: Whether it is.
        lacks: What is missing.
    """

    criterion: str
    level: str
    asks: str
    holds: bool
    lacks: list[Lack]


class Grade(TypedDict):
    """How far an ecosystem has come.

    Attributes:
        ecosystem: Its key.
        grade: bronze, silver, gold, or none.
        criteria: The lowest grade's first.
    """

    ecosystem: str
    grade: str
    criteria: list[Criterion]


#: A report, or what --explain, --list-rules and --write-baseline give.
Linted = Report | RuleExplained | list[Rule] | Baseline
