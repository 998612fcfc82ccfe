"""Two changes to one text, brought together line by line; where they touch, nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Merged:
    """The text that has both changes; None where they contradict each other.

    Attributes:
        conflicts: lines of the person's text, counted from 1, where that is so.
    """

    text: str | None
    conflicts: tuple[int, ...] = ()


def merge(base: str, ours: str, theirs: str) -> Merged:
    r"""The changes from `base` to `theirs`, made to `ours` as well.

    >>> merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n").text
    'A\nb\nC\n'
    >>> merge("a\n", "b\n", "c\n")
    Merged(text=None, conflicts=(1,))
    """
    newline = "\r\n" if "\r\n" in ours else "\n"
    texts = [text.replace("\r\n", "\n").splitlines(keepends=True) for text in (base, ours, theirs)]
    parts: list[str] = []
    conflicts: list[int] = []
    for line, old, own, new in _chunks(*texts):
        if own in (old, new):
            parts += new
        elif new == old:
            parts += own
        else:
            conflicts.append(line)
    if conflicts:
        return Merged(None, tuple(conflicts))
    return Merged("".join(parts).replace("\n", newline))


def _chunks(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[int, Lines, Lines, Lines]]:
    """The texts cut at what all three share: a line of `ours`, and what each says from there on."""
    at = (0, 0, 0)
    for start, own, new, length in [*_shared(base, ours, theirs), (len(base), len(ours), len(theirs), 0)]:
        yield at[1] + 1, base[at[0] : start], ours[at[1] : own], theirs[at[2] : new]
        common = base[start : start + length]
        yield own + 1, common, common, common
        at = (start + length, own + length, new + length)


def _shared(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that all three have: where each has them, and how many lines they are."""
    first, second = (
        list(SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks())
        for other in (ours, theirs)
    )
    one = other = 0
    while one < len(first) and other < len(second):
        a, b = first[one], second[other]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield start, a.b + start - a.a, b.b + start - b.a, end - start
        if a.a + a.size < b.a + b.size:
            one += 1
        else:
            other += 1
