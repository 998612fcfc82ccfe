"""What a finding is known by: it stays the same while lines move and table entries are added before it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from civgen.catalog.files import BUILT_IN
from civgen.lint.finding import Finding

#: Places in messages, and the number of a list's entry in a key.
_PLACE = re.compile(r":\d+(?::\d+)?\b")
_INDEX = re.compile(r"\[\d+\]")


def with_fingerprints(findings: Iterable[Finding], root: Path | None) -> Iterator[Finding]:
    """Findings with their fingerprints; those that nothing tells apart are counted.

    Args:
        root: of the workspace: below it, files are known by their relative path, wherever it lies.
    """
    roots = [one.resolve() for one in (root, BUILT_IN.parent) if one]
    seen: Counter[str] = Counter()
    for finding in findings:
        mark = "\0".join(_marks(finding, roots))
        seen[mark] += 1
        number = f"\0{seen[mark]}" if seen[mark] > 1 else ""
        digest = hashlib.sha256((mark + number).encode("utf-8", "surrogatepass")).hexdigest()
        yield replace(finding, fingerprint=digest[:32])


def file_mark(file: str | None, roots: Iterable[Path]) -> str:
    """A file's name from the first root that it lies below, whatever the current folder."""
    if file is None:
        return ""
    path = Path(file).absolute()
    below = next((root for root in roots if path.is_relative_to(root)), None)
    return path.relative_to(below).as_posix() if below else path.name


def _marks(finding: Finding, roots: list[Path]) -> Iterator[str]:
    yield finding.code
    yield file_mark(finding.where.file, roots)
    yield _INDEX.sub("[]", finding.where.field or "")
    message = _PLACE.sub("", finding.message)
    yield _INDEX.sub("[]", re.sub(r"\S*/(?=[^/\s]+\.(?:toml|py))", "", message))
