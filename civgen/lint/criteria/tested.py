"""The workspace has a test that names it; what is built in is tested with civgen itself.

The next change of an engine or of the contract would break it unseen.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "silver"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    root = subject.workspace.root
    if root is None or subject.is_built_in:
        return
    tests = sorted((root / "tests").rglob("test_*.py"))
    if not any(f'"{subject.key}"' in one.read_text(encoding="utf-8") for one in tests):
        yield Lack("no test names it", f"civgen guide --state {subject.key}")
