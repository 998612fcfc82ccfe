"""A test of the workspace names it, or goes over everything; what is built in is tested with civgen.

The next change of an engine or of the contract would break it unseen.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "silver"
#: What a test calls that goes over the whole workspace.
_EVERYTHING = "example_requests("


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    root = subject.workspace.root
    if root is None or subject.is_built_in:
        return
    tests = sorted((root / "tests").rglob("test_*.py"))
    if not any(_covers(one.read_text(encoding="utf-8"), subject.key) for one in tests):
        yield Lack("no test names it", f"civgen show {subject.key}")


def _covers(test: str, key: str) -> bool:
    """Whether a test names an ecosystem, or asks for everything that there is."""
    return f'"{key}"' in test or _EVERYTHING in test
