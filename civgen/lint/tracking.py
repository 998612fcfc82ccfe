"""What is asked of the catalogue while something is worked out, so that this can be kept until it changes.

A dependency is a question: which files hold this record, which version has this number. Its digest is what
the catalogue answers now; an answer of ours is good as long as all of its questions have the same answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

#: A question: its kind, and what it is about.
Question = tuple[str, ...]
T = TypeVar("T")
#: The question for the workspace's own engines, and all that these may read.
ENGINES_ASKED: Question = ("engines",)


class Recorder:
    """Notes questions while it is told to."""

    def __init__(self) -> None:
        self._open: list[set[Question] | None] = []

    def note(self, *questions: Question) -> None:
        """Note questions in the innermost recording."""
        if self._open and self._open[-1] is not None:
            self._open[-1].update(questions)

    @contextmanager
    def recording(self) -> Iterator[set[Question]]:
        """Record what is asked meanwhile; a recording outside of it does not hear of that."""
        noted: set[Question] = set()
        self._open.append(noted)
        try:
            yield noted
        finally:
            self._open.pop()

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Record nothing meanwhile."""
        self._open.append(None)
        try:
            yield
        finally:
            self._open.pop()

    def once(self, memo: dict[Hashable, tuple[T, set[Question]]], key: Hashable, work: Callable[[], T]) -> T:
        """What `work` answers, worked out once; its questions are noted for everyone who asks."""
        if key not in memo:
            with self.recording() as noted:
                answer = work()
            memo[key] = (answer, noted)
        answer, noted = memo[key]
        self.note(*noted)
        return answer


def digest(parts: Iterable[str]) -> str:
    """A short text that stands for these; others have another."""
    made = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()[:32]
