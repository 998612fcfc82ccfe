"""Console blocks of Markdown: the commands in them, and what they are said to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command line, and the lines that follow it."""

    line: str
    answer: tuple[str, ...]


def blocks(markdown: str) -> Iterator[tuple[str, str]]:
    """Fenced blocks by kind, in order."""
    yield from ((found["kind"], found["text"]) for found in _BLOCK.finditer(markdown))


def commands(console: str) -> Iterator[Command]:
    """The commands of one console block; a line that ends in a backslash goes on."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        line, _, answer = part.replace("\\\n", "").partition("\n")
        yield Command(" ".join(line.split("  #")[0].split()), tuple(answer.splitlines()))


def said(answer: tuple[str, ...], output: str) -> bool:
    """Whether an output says what it was said to: these lines in this order, `…` being anything."""
    return re.search(_pattern(answer), _squeezed(output), re.DOTALL) is not None


def _pattern(answer: tuple[str, ...]) -> str:
    parts = re.split("…", _squeezed("\n".join(answer)))
    return ".*".join(re.escape(part.strip()) for part in parts)


def _squeezed(text: str) -> str:
    """Blanks and empty lines do not count: a terminal's width decides them."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
