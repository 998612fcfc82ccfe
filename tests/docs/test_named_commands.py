"""Every command that a page names exists, and takes the options that it is shown with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from console import blocks, commands

from civgen.cli.describe import all_commands
from civgen.guide.agents import skill_files

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text() for path in sorted((ROOT / "docs").rglob("*.md"))
}
PAGES |= {name: (ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md")}
PAGES |= skill_files()

KNOWN = {
    one.path: {flag for option in one.as_json()["options"] for flag in option["flags"]}
    for one in all_commands()
}
ROOT_FLAGS = {"--help", "-h", "--version", "--json", "--env", "--workspace"}
#: What stands for a command in prose.
STAND_INS = {"COMMAND", "…", "TOPIC"}
_INLINE = re.compile(r"`(civgen [^`]+)`")
_INDENTED = re.compile(r"^ {4}(?:\$ )?(civgen .+)$", re.MULTILINE)


def named(text: str) -> Iterator[str]:
    """The command lines of a page: in fences, indented, and within sentences."""
    for kind, block in blocks(text):
        if kind == "console":
            yield from (one.line for one in commands(block))
        elif kind == "sh":
            yield from re.sub(r"\\\n *", "", block).splitlines()
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from _INLINE.findall(prose)
    yield from _INDENTED.findall(prose)


def problem(line: str) -> str | None:
    """What is wrong with a command line; None when it is right, or no civgen command."""
    words = shlex.split(line.partition("  #")[0].replace("…", " … "))
    if words[:1] != ["civgen"]:
        return None
    rest = [part for word in words[1:] for part in [word.strip("[],")] if part]
    paths, rest = _paths(rest)
    wrong = [path for path in paths if not any(known[: len(path)] == path for known in KNOWN)]
    flags = {
        flag
        for known, taken in KNOWN.items()
        for path in paths
        if known[: len(path)] == path
        for flag in taken
    }
    unknown = [
        word
        for word in rest
        if re.match(r"--[a-z]|-[a-zA-Z]$", word) and word.split("=")[0] not in flags | ROOT_FLAGS
    ]
    return f"{line}: no such command {wrong}" if wrong else f"{line}: {unknown}" if unknown else None


def _paths(words: list[str]) -> tuple[list[tuple[str, ...]], list[str]]:
    """The commands that a line may mean (`batch list|status`), and the words behind them."""
    path: tuple[str, ...] = ()
    for index, word in enumerate(words):
        alternatives = [(*path, one) for one in word.split("|")]
        below = [known for known in KNOWN if known[: len(path)] == path and len(known) > len(path)]
        if word.startswith("-") or word in STAND_INS or not below:
            return [path], words[index:]
        if len(alternatives) > 1:
            return alternatives, words[index + 1 :]
        path = alternatives[0]
    return [path], []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists_with_its_options(page: str) -> None:
    lines = [part.strip() for line in named(PAGES[page]) for part in line.split("&&")]
    assert [found for line in lines if (found := problem(line))] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("civgen db plan --all", False),
        ("civgen batch list|status", False),
        ("civgen db plam", True),
        ("civgen preview --no-such", True),
        ("civgen nope", True),
    ],
)
def test_a_command_that_is_not_there_is_noticed(line: str, found: bool) -> None:
    assert bool(problem(line)) == found
