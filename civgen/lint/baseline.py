"""A baseline: findings that are known, and are to be kept quiet until somebody gets to them.

A JSON file with an entry a finding, known by its fingerprint. What it lists and lint no longer finds is
reported, so that it only ever shrinks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Where, display_path
from civgen.lint.finding import Finding

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Known:
    """An entry; `line` is where it stands in the baseline."""

    fingerprint: str
    code: str
    file: str
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a file."""

    file: str
    entries: tuple[Known, ...] = ()

    @property
    def fingerprints(self) -> frozenset[str]:
        """What is kept quiet."""
        return frozenset(entry.fingerprint for entry in self.entries)


NOTHING_KNOWN = Baseline("")


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        InvalidFile: it cannot be read, or is none.
    """
    name = display_path(path)
    try:
        text = path.read_text(encoding="utf-8")
        entries = json.loads(text)["findings"]
        lines = _lines(text)
        known = tuple(_known(entry, lines) for entry in entries)
    except OSError as error:
        hint = "`civgen lint --baseline FILE --write-baseline` makes one."
        message = f"{name} cannot be read: {error.strerror}."
        raise InvalidFile(message, hint=hint, where=Where(name)) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{name} is no baseline of civgen lint: {type(error).__name__}: {error}."
        hint = "`civgen lint --baseline FILE --write-baseline` makes it anew."
        raise InvalidFile(message, hint=hint, where=Where(name)) from None
    return Baseline(name, known)


def baseline_text(findings: Sequence[Finding]) -> str:
    """The baseline that keeps all of these quiet; the same findings give the same text."""
    entries = sorted(map(_entry, findings), key=lambda entry: (entry["file"] or "", *entry.values()))
    return json.dumps({"version": _VERSION, "findings": entries}, indent=1, ensure_ascii=False) + "\n"


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "code": finding.code,
        "file": finding.where.file or "",
        "message": finding.message,
    }


def _known(entry: Any, lines: dict[str, int]) -> Known:
    words: dict[str, str] = {name: entry[name] for name in ("fingerprint", "code", "file", "message")}
    if not all(isinstance(word, str) for word in words.values()):
        raise TypeError("every entry has fingerprint, code, file and message as text")
    return Known(**words, line=lines.get(words["fingerprint"], 1))


def _lines(text: str) -> dict[str, int]:
    """The first line that has each quoted word."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for word in line.split('"')[1::2]:
            found.setdefault(word, number)
    return found
